"""Makes everything that the project needs on this machine. A second run finds it done.

    python3 -m handiwork_app.set_up        (with Python 3.11 or 3.12; `make setup` finds one)

Standard library only.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from handiwork_app.environment import ROOT, WORKSPACE
from handiwork_app.installation import (
    PYTHONS,
    VENV,
    Stage,
    environment_stage,
    missing_debian_packages,
    package_stage,
    workspace_stage,
)

PYTHON = VENV / "bin/python"
REQUIREMENTS = ROOT / "requirements"


class SetUpFailed(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def set_up() -> None:
    """Debian packages, virtual environment, root package, ROS workspace: only what is missing."""
    if sys.version_info[:2] not in PYTHONS:
        raise SetUpFailed(
            f"Python is {sys.version.split()[0]}, want 3.11 or 3.12. Install python3."
        )
    install_debian_packages(missing_debian_packages())
    environment = environment_stage()
    if not PYTHON.exists():  # never made, or its Python was removed
        environment.stamp.unlink(missing_ok=True)
    renew(environment, make_environment)
    renew(package_stage(), install_root_package)
    renew(workspace_stage(), build_workspace)


def renew(stage: Stage, work: Callable[[], None]) -> None:
    """Do a stage's work unless it was done with the same sources."""
    if stage.fresh():
        return
    digest = stage.digest()
    work()
    stage.mark_done(digest)


def install_debian_packages(missing: list[str]) -> None:
    """Install what is missing where we may; else say the one command and stop."""
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0 and not _sudo_works():
        raise SetUpFailed(
            f"Debian packages are missing: {', '.join(missing)}. Run this, then set-up again:\n"
            f"    sudo {shlex.join(install)}"
        )
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    as_root += ["env", "DEBIAN_FRONTEND=noninteractive"]
    run("Updating the package lists", [*as_root, "apt-get", "update", "--quiet"])
    run(f"Installing {', '.join(missing)}", [*as_root, *install, "--quiet"])


def _sudo_works() -> bool:
    if shutil.which("sudo") is None:
        return False
    ask = ["sudo", "--non-interactive", "true"]
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    """.venv with the pinned packages: torch first, with the GPU libraries its index may bring.

    The lock names everything, so nothing is left for pip to resolve.
    """
    of_this_python = VENV / f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
    start = [] if of_this_python.is_dir() else ["--clear"]
    run("Making .venv", [sys.executable, "-m", "venv", *start, str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    torch, lock = str(REQUIREMENTS / "torch.txt"), str(REQUIREMENTS / "lock.txt")
    run("Installing torch (a minute)", [*pip, "--constraint", lock, "--requirement", torch])
    run("Installing all other packages (two minutes)", [*pip, "--no-deps", "--requirement", lock])


def install_root_package() -> None:
    """`handiwork` and its command, in place."""
    editable = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run("Installing handiwork in place", [str(PYTHON), "-m", "pip", *editable])


def build_workspace() -> None:
    """Messages and nodes, by colcon on the wheels."""
    run("Building ros_ws (a minute or two)", [str(PYTHON), str(WORKSPACE / "use_wheels.py")])


def run(what: str, command: list[str]) -> None:
    """Run one step, saying what it is and how long it took."""
    print(f"{what} ...", flush=True)
    start = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status != 0:
        raise SetUpFailed(f"{what}: status {status}. The command was:\n    {shlex.join(command)}")
    print(f"{what}: done in {time.monotonic() - start:.0f} s", flush=True)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other set-up works in this tree."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Set up; 1 and one message when it cannot be done."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    try:
        with one_at_a_time(cache / "set_up.lock"):
            set_up()
    except SetUpFailed as error:
        print(f"set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
