"""MoveIt 2 configuration packages, made of what `handiwork.robots` knows.

`python -m handiwork_app.moveit_config` writes them all; a test says when they are out of date.
"""

from handiwork_app.moveit_config.description import robot_description, standing_in_world
from handiwork_app.moveit_config.package import package_files, package_name

__all__ = ["package_files", "package_name", "robot_description", "standing_in_world"]
