"""Collision-free motion: scenes, paths, and trajectories along them."""

from handiwork.planning.motion_planning import (
    MotionPlanning,
    MotionPlanningConfig,
    StraightMotion,
)
from handiwork.planning.planner import Planner, PlannerConfig
from handiwork.planning.pose_goals import goal_postures
from handiwork.planning.recheck import Recheck
from handiwork.planning.rounded_path import RoundedPath, rounded
from handiwork.planning.scene import AllowedCollisions, Attached, Obstacle, Scene, placed
from handiwork.planning.shapes import Box, Compound, Cylinder, Mesh, Shape, Sphere
from handiwork.planning.splined_path import splined
from handiwork.planning.straight_path import StraightConfig, StraightPath, straight_path
from handiwork.planning.timing import TimingConfig, timed

__all__ = [
    "AllowedCollisions",
    "Attached",
    "Box",
    "Compound",
    "Cylinder",
    "Mesh",
    "MotionPlanning",
    "MotionPlanningConfig",
    "Obstacle",
    "Planner",
    "PlannerConfig",
    "Recheck",
    "RoundedPath",
    "Scene",
    "Shape",
    "Sphere",
    "StraightConfig",
    "StraightMotion",
    "StraightPath",
    "TimingConfig",
    "goal_postures",
    "placed",
    "rounded",
    "splined",
    "straight_path",
    "timed",
]
