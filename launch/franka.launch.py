"""`ros2 launch handiwork franka.launch.py`: the arm server, executor and planner of a Franka."""

from handiwork_app.launching import ARM_ARGUMENTS, description, robot_argument
from launch import LaunchDescription


def generate_launch_description() -> LaunchDescription:  # noqa: D103, launch's own name
    return description("arm", (robot_argument("fr3", "panda"), *ARM_ARGUMENTS))
