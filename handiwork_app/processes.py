"""A command that `accelerate launch` started several times, to share the work."""

import os

from handiwork_app.settings import BadSetting, Config


def is_first() -> bool:
    """Whether this process is the one that tells; alone it is."""
    return os.environ.get("RANK", "0") == "0"


def check_shared(config: Config) -> None:
    """All processes must write into one folder, so it cannot be named after the time.

    Raises:
        BadSetting: several processes and no folder.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not config.folder:
        raise BadSetting(
            "folder is empty, want one that all processes share. Say for example folder=runs/mine."
        )
