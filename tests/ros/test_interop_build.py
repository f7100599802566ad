"""A complete package in a workspace below ours is never hidden by our few types of it."""

import os
import subprocess
from pathlib import Path

from handiwork_app.environment import WORKSPACE

INTEROP = WORKSPACE / "src/interop"


def test_nothing_is_built_where_the_underlay_has_the_package(tmp_path: Path):
    underlay = tmp_path / "underlay"
    config = underlay / "share/tf2_msgs/cmake/tf2_msgsConfig.cmake"
    config.parent.mkdir(parents=True)
    config.touch()
    build = tmp_path / "build"
    run = subprocess.run(
        ["cmake", "-GNinja", "-S", INTEROP / "tf2_msgs", "-B", build],
        env=os.environ | {"AMENT_PREFIX_PATH": str(underlay)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert f"tf2_msgs is in {underlay}: nothing to build here" in run.stdout
    assert not list(build.glob("rosidl_*"))


def test_every_interop_package_looks_below_before_it_builds():
    builds = sorted(INTEROP.glob("*/CMakeLists.txt"))
    heads = [file.read_text().partition("find_package")[0] for file in builds]
    assert len(heads) == 9
    assert all("only_where_lacking.cmake" in head for head in heads)
    assert all("if(UNDERLAY_HAS_PACKAGE)\n  return()" in head for head in heads)
