"""Fixtures for all tests, and a second try for what fails while the machine stands still."""

import time
from pathlib import Path

import pytest
from hypothesis import settings
from stalls import TRIES, Stalls

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

STALLS = pytest.StashKey[Stalls]()
BEGUN = pytest.StashKey[float]()


@pytest.fixture
def real_data() -> Path:
    """Recordings by others that lie beside the project, not in it; a machine may lack them."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no recordings in {folder}")
    return folder


@pytest.fixture(scope="session")
def stalls(pytestconfig: pytest.Config) -> Stalls:
    """When this machine stood still."""
    return pytestconfig.stash[STALLS]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Watch from the beginning."""
    session.config.stash[STALLS] = Stalls()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note when each try of a test begins."""
    item.config.stash[BEGUN] = time.monotonic()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A failure counts unless the machine stalled meanwhile; then the test has another try."""

    def stalled() -> bool:
        return bool(config.stash[STALLS].since(config.stash[BEGUN]))

    again = pytest.mark.flaky(reruns=TRIES - 1, condition=stalled)
    for item in items:
        item.add_marker(again)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how calm the machine was."""
    lengths = terminalreporter.config.stash[STALLS].since(0.0)
    if lengths:
        longest = max(lengths)
        terminalreporter.write_line(f"the machine stalled {len(lengths)} times, up to {longest} s")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Watch no longer."""
    if STALLS in config.stash:
        config.stash[STALLS].close()
