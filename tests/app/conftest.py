"""What several tests of the application ask for."""

from collections.abc import Callable

import psutil
import pytest


@pytest.fixture
def left_running() -> Callable[[], list[psutil.Process]]:
    """The processes that were started since the test began and still run."""
    before = set(psutil.Process().children(recursive=True))

    def since() -> list[psutil.Process]:
        now = psutil.Process().children(recursive=True)
        return [item for item in now if item not in before and item.is_running()]

    return since
