"""The environment a ROS process needs, whether or not a setup.bash was sourced.

    .venv/bin/python -m handiwork_app.environment COMMAND [ARGUMENTS...]

replaces itself with COMMAND in that environment.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKSPACE = ROOT / "ros_ws"


def ros_environment(base: Mapping[str, str]) -> dict[str, str]:
    """`base` with what a process of the stack needs added; applying it twice changes nothing.

    On a sourced system ROS (`ROS_DISTRO` is set), its entries stay as they are and only settings
    that nobody made are added. Else this project's own workspace and the ROS wheels are put ahead.
    """
    environment = dict(base) if "ROS_DISTRO" in base else {**base, **_wheels(base)}
    defaults = {
        "MUJOCO_GL": "egl",
        "RMW_IMPLEMENTATION": "rmw_fastrtps_cpp",
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
    }
    profile = _shared("handiwork_ros/config/fastdds_shm.xml", environment)
    if profile is not None:
        defaults["FASTDDS_DEFAULT_PROFILES_FILE"] = str(profile)
    return {**defaults, **environment}


def _wheels(base: Mapping[str, str]) -> dict[str, str]:
    """Search paths for the workspace as set-up builds it, on the ROS wheels of this Python."""
    prefix, install = Path(sys.prefix), WORKSPACE / "install"
    packages = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    bundled = sorted((prefix / packages).glob("ros_*.libs"))
    # The package itself comes from the source; its metadata, for its executables, from the build.
    nodes = [WORKSPACE / "src/handiwork_ros", WORKSPACE / "build/handiwork_ros"]
    return {
        "AMENT_PREFIX_PATH": _ahead([install, prefix], base.get("AMENT_PREFIX_PATH")),
        "LD_LIBRARY_PATH": _ahead(
            [install / "lib", prefix / "lib", *bundled], base.get("LD_LIBRARY_PATH")
        ),
        "PATH": _ahead([prefix / "bin"], base.get("PATH")),
        "PYTHONPATH": _ahead([ROOT, *nodes, install / packages], base.get("PYTHONPATH")),
        "RMW_IMPLEMENTATION": "rmw_fastrtps_cpp",  # the only one among the wheels
        # The ROS wheels restart Python to set LD_LIBRARY_PATH unless they see this: it is set here.
        "_ROS_WHEELS_BOOTSTRAP_COMPLETE": "1",
    }


def _shared(name: str, environment: Mapping[str, str]) -> Path | None:
    """The first file share/`name` in the workspaces of `environment`."""
    prefixes = environment.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    files = (Path(prefix) / "share" / name for prefix in prefixes if prefix)
    return next((file for file in files if file.is_file()), None)


def _ahead(ours: Iterable[Path], theirs: str | None) -> str:
    """A search path of `ours`, then what `theirs` adds to it."""
    entries = [str(path) for path in ours]
    entries += [entry for entry in (theirs or "").split(os.pathsep) if entry]
    return os.pathsep.join(dict.fromkeys(entries))


def main() -> None:
    """Become the command given as arguments."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m handiwork_app.environment COMMAND [ARGUMENTS...]")
    os.execvpe(sys.argv[1], sys.argv[1:], ros_environment(os.environ))


if __name__ == "__main__":
    main()
