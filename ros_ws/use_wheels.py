"""Lets colcon build this workspace on the PyPI ROS wheels alone, with no system ROS.

    .venv/bin/python ros_ws/use_wheels.py [arguments for `colcon build`]

The wheels' exported CMake files name the Python and numpy headers of the machine that made them;
they are rewritten to those of the environment that runs this file. Paths, environment variables and
CMake arguments are those that the wheels need. Everything lands in ros_ws/build and ros_ws/install.
"""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy

WORKSPACE = Path(__file__).resolve().parent
PREFIX = Path(sys.prefix)
BUILDERS_HEADERS = re.compile(
    r"/opt/python/cp3[^;\"]*?/(?P<numpy>numpy/_?core/)?include(/python3\.\d+)?(?=[;\"])"
)


def point_headers_here(share: Path) -> int:
    """Rewrite the builder's include folders in exported CMake files; how many files changed."""
    changed = 0
    for path in share.glob("*/cmake/*Export.cmake"):
        text = path.read_text()
        here = BUILDERS_HEADERS.sub(
            lambda found: numpy.get_include() if found["numpy"] else sysconfig.get_path("include"),
            text,
        )
        if here != text:
            path.write_text(here)
            changed += 1
    return changed


def build_environment() -> dict[str, str]:
    """The caller's environment with the wheels as the only underlay."""
    other_ros = ("PYTHONPATH", "ROS_DISTRO")
    kept = {name: value for name, value in os.environ.items() if name not in other_ros}
    # Without VIRTUAL_ENV and PATH, CMake and colcon would find the system's Python first.
    return kept | {
        "VIRTUAL_ENV": str(PREFIX),
        "PATH": f"{PREFIX / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "AMENT_PREFIX_PATH": str(PREFIX),
        "CMAKE_PREFIX_PATH": str(PREFIX),
        "LD_LIBRARY_PATH": str(PREFIX / "lib"),
        # A `make` around us leaves flags here that ninja does not know.
        "MAKEFLAGS": f"-j{os.cpu_count()}",
    }


def build_command(extra: list[str]) -> list[str]:
    """`colcon build` for this workspace; `extra` goes before the CMake arguments."""
    return [
        sys.executable, "-m", "colcon", "--log-level", "error", "build",
        "--base-paths", str(WORKSPACE / "src"),
        "--build-base", str(WORKSPACE / "build"),
        "--install-base", str(WORKSPACE / "install"),
        "--merge-install", "--symlink-install",
        *extra,
        "--cmake-args", "-GNinja",
        f"-DPython3_EXECUTABLE={sys.executable}",
        "-DBUILD_TESTING=OFF",
        "-DHANDIWORK_PYTHON_ONLY=ON",
        "-DCMAKE_BUILD_TYPE=None",
        "-DCMAKE_C_FLAGS=-O1",
        "-DCMAKE_CXX_FLAGS=-O0",  # glue around fastcdr: a fifth of the compile time
    ]  # fmt: skip


def main() -> int:
    """Rewrite what must be, then build."""
    point_headers_here(PREFIX / "share")
    environment = build_environment()
    return subprocess.run(build_command(sys.argv[1:]), cwd=WORKSPACE, env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main())
