"""The root ROS package: Python packages, the command, launch files and the shipped checkpoints.

`colcon build --symlink-install` sees this file without pyproject.toml, so what an installation
holds is here; description, dependencies and extras are there. Nor can colcon read what setuptools
makes of a requires-python there.
"""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "handiwork"
SHARE = f"share/{NAME}"


def installed(folder: str, pattern: str) -> list[tuple[str, list[str]]]:
    """(target folder, files) of everything below `folder` that fits, with its subfolders."""
    files = sorted(path for path in Path(folder).glob(pattern) if path.is_file())
    return [(f"{SHARE}/{path.parent}", [str(path)]) for path in files]


setup(
    name=NAME,
    version="0.1.0",
    python_requires=">=3.11",
    packages=find_packages(include=["handiwork*", "policies*", "calibration*"]),
    package_data={"handiwork_app": ["conf/**/*.yaml"]},
    entry_points={"console_scripts": ["handiwork = handiwork_app.cli:main"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (SHARE, ["package.xml"]),
        *installed("launch", "*.launch.py"),
        *installed("checkpoints", "*/*"),
    ],
    zip_safe=False,
)
