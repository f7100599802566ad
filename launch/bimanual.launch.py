"""`ros2 launch handiwork bimanual.launch.py`: arm server, executor, planner of two WidowX AI."""

from handiwork_app.launching import ARM_ARGUMENTS, description, robot_argument
from launch import LaunchDescription


def generate_launch_description() -> LaunchDescription:  # noqa: D103, launch's own name
    return description("arm", (robot_argument("wxai_pair"), *ARM_ARGUMENTS))
