"""The root ROS package: installs the Python packages, the launch files and the shipped checkpoints.

What is on PyPI's side of packaging (name, version, dependencies) is in pyproject.toml.
"""

from pathlib import Path

from setuptools import setup

SHARE = "share/handiwork"


def installed(folder: str, pattern: str) -> list[tuple[str, list[str]]]:
    """(target folder, files) of everything below `folder` that fits, with its subfolders."""
    files = sorted(path for path in Path(folder).glob(pattern) if path.is_file())
    return [(f"{SHARE}/{path.parent}", [str(path)]) for path in files]


setup(
    data_files=[
        ("share/ament_index/resource_index/packages", ["resource/handiwork"]),
        (SHARE, ["package.xml"]),
        *installed("launch", "*.launch.py"),
        *installed("checkpoints", "*/*"),
    ],
    zip_safe=False,
)
