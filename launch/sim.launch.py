"""`ros2 launch handiwork sim.launch.py`: a policy at a task on the simulated arm."""

from handiwork_app.launching import Argument, description, robot_argument
from handiwork_app.words import choices
from launch import LaunchDescription

TASK = Argument("task", "what it does", ("push_t",))
POLICIES = ("diffusion", *(name for name in choices("policy") if name != "diffusion"))


def generate_launch_description() -> LaunchDescription:  # noqa: D103, launch's own name
    policy = Argument("policy", "what proposes its actions", POLICIES)
    return description("sim", (robot_argument("wxai"), TASK, policy))
