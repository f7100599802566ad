"""The arrows between packages, and the few shapes that launch files and versions must keep."""

import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("", "ros_ws/src/handiwork_msgs", "ros_ws/src/handiwork_ros")
LAUNCH_FILES = sorted((ROOT / "launch").glob("*.py"))


def test_imports_point_one_way():
    command = shutil.which("lint-imports")
    assert command, "lint-imports is not on PATH. Run the tests with `make test`."
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_is_a_launch_file():
    assert LAUNCH_FILES


@pytest.mark.parametrize("file", LAUNCH_FILES, ids=lambda file: file.name)
def test_a_launch_file_has_under_40_lines(file: Path):
    assert len(file.read_text().splitlines()) < 40


def test_launch_is_no_package():
    """A package named launch would hide ROS's own."""
    assert not (ROOT / "launch/__init__.py").exists()


@pytest.mark.parametrize("folder", OURS)
def test_a_ros_package_has_the_version_of_the_project(folder: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    manifest = ElementTree.parse(ROOT / folder / "package.xml").getroot()
    assert manifest.get("format") == "3"
    assert manifest.findtext("version") == project["version"]


@pytest.mark.parametrize("folder", ["", "ros_ws/src/handiwork_ros"])
def test_what_colcon_installs_has_the_version_of_the_project(folder: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f'version="{project["version"]}"' in (ROOT / folder / "setup.py").read_text()


@pytest.mark.parametrize("package", ["handiwork", "policies", "calibration"])
def test_everything_below_the_nodes_imports_without_ros(package: str):
    """Users without ROS train and simulate: nothing there may even name a ROS package."""
    imports = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in (ROOT / package).rglob("*.py")
        for line in file.read_text().splitlines()
        if line.strip().startswith(("import rclpy", "from rclpy", "import handiwork_ros"))
        or ("_msgs" in line and line.strip().startswith(("import ", "from ")))
    ]
    assert imports == []
