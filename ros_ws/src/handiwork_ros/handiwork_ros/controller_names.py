"""What controllers are called: ours by their group, others' as somebody says."""

from collections.abc import Mapping, Sequence

from handiwork.errors import BadValue
from handiwork.robots.robot import Robot


def controller_name(group: str) -> str:
    """Of a group's trajectory controller: arm_controller, left_arm_controller, waist_controller."""
    return f"{group}_controller"


def gripper_name(group: str) -> str:
    """Of its gripper's controller: gripper_controller, left_gripper_controller."""
    return f"{group.removesuffix('arm')}gripper_controller"


def controllers_of(robot: Robot, given: Sequence[str]) -> Mapping[str, str]:
    """The trajectory controller of each group: as given in words GROUP=NAME, else ours.

    Raises:
        BadValue: a word of another form, or of a group that the robot does not have.
    """
    names = {group.name: controller_name(group.name) for group in robot.groups}
    for word in filter(None, given):
        group, _, name = word.partition("=")
        if group not in names or not name:
            raise BadValue(
                "parameters",
                "controllers",
                word,
                f"GROUP=NAME with a group of {list(names)}",
                "As in arm=/fr3_arm_controller.",
            )
        names[group] = name
    return names
