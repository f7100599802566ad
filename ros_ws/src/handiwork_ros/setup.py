"""The ROS package of the nodes; each executable is `handiwork_ros.<name>_node:main`."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "handiwork_ros"
NODES = (
    "arm_server",
    "sim",
    "sim_camera",
    "camera",
    "perception",
    "cloud",
    "policy",
    "executor",
    "planner",
    "chunk_source",
    "frames",
    "evaluator",
    "calibrator",
    "calibrator_camera",
    "camera_place",
    "look",
)

setup(
    name=NAME,
    version="0.1.0",
    description="ROS 2 nodes of Handiwork",
    license="Apache-2.0",
    maintainer="The Handiwork authors",
    maintainer_email="maintainers@handiwork.invalid",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        (f"share/{NAME}/config", [str(path) for path in sorted(Path("config").glob("*"))]),
    ],
    install_requires=["setuptools"],
    zip_safe=False,
    entry_points={
        "console_scripts": [f"{node} = {NAME}.{node}_node:main" for node in NODES],
    },
)
