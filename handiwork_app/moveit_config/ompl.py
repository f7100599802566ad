"""config/ompl_planning.yaml: RRT-Connect for every group, as our own planner.

It has both names under which clients ask for it. Motions are tested every 0.5 % of the joint
space's extent, half of OMPL's default: at 1 %, a Panda's edge may pass 0.2 rad untested.

Source: ompl_planning.yaml of moveit_configs_utils (branch kilted) for plugin and adapters.
"""

from typing import Any

from handiwork.robots.robot import Robot

PLANNERS = ("RRTConnectkConfigDefault", "RRTConnect")
LONGEST_UNTESTED = 0.005  # share of the extent of a group's joint space


def ompl_planning(robot: Robot) -> dict[str, Any]:
    """The pipeline, and what each group plans with."""
    asks = "default_planning_request_adapters"
    answers = "default_planning_response_adapters"
    return {
        "planning_plugins": ["ompl_interface/OMPLPlanner"],
        "request_adapters": [
            f"{asks}/ResolveConstraintFrames",
            f"{asks}/ValidateWorkspaceBounds",
            f"{asks}/CheckStartStateBounds",
            f"{asks}/CheckStartStateCollision",
        ],
        "response_adapters": [
            f"{answers}/AddTimeOptimalParameterization",
            f"{answers}/ValidateSolution",
            f"{answers}/DisplayMotionPath",
        ],
        "planner_configs": {
            name: {"type": "geometric::RRTConnect", "range": 0.0} for name in PLANNERS
        },
        **{group.name: _group() for group in robot.groups},
    }


def _group() -> dict[str, Any]:
    return {
        "default_planner_config": PLANNERS[0],
        "planner_configs": list(PLANNERS),
        "longest_valid_segment_fraction": LONGEST_UNTESTED,
    }
