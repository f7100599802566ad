"""What this machine has and lacks for running Handiwork: a list of findings, nothing is changed.

Every check is tried, also when one before it fails, so that one run shows everything.
"""

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from handiwork.errors import HandiworkError
from handiwork_app.domain import hold_domain
from handiwork_app.environment import ros_environment
from handiwork_app.installation import (
    PYTHONS,
    missing_debian_packages,
    pinned_packages,
    workspace_stage,
)
from handiwork_app.shipped import shipped_checkpoint

MEBIBYTE = 2**20
SHARED_MEMORY_MB = 256  # five participants with a segment of 32 MB each, and some air
MEMORY_MB = 6 * 1024  # what the demo may need at its peak
PATIENCE = 60.0  # [s] for a check that starts a program

RENDER = """
import mujoco
model = mujoco.MjModel.from_xml_string(
    '<mujoco><worldbody><light pos="0 0 3"/><geom type="sphere" size="1"/></worldbody></mujoco>'
)
data = mujoco.MjData(model)
mujoco.mj_forward(model, data)
with mujoco.Renderer(model, 24, 32) as renderer:
    renderer.update_scene(data)
    assert renderer.render().any(), "the picture is black"
"""
IMPORT_ROS = """
import rclpy
from control_msgs.action import FollowJointTrajectory
from handiwork_msgs.msg import ActionChunk
from simulation_interfaces.srv import ResetSimulation
from tf2_msgs.msg import TFMessage
for kind in (FollowJointTrajectory, ActionChunk, ResetSimulation, TFMessage):
    kind.__import_type_support__()
"""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check saw.

    seen: one phrase, good or bad.
    matters: what does not work without it.
    advice: what to do; empty when it is ok.
    """

    name: str
    ok: bool
    seen: str
    matters: str
    advice: str = ""


def diagnose() -> list[Finding]:
    """Look at this machine; every check gives one finding."""
    return [check() for check in CHECKS]


def check_python() -> Finding:
    """The Python that runs this."""
    version = sys.version.split()[0]
    return _finding(
        "Python",
        problem=None if sys.version_info[:2] in PYTHONS else f"{version}, want 3.11 or 3.12",
        fine=version,
        matters="The ROS wheels and torch are pinned for these versions.",
        advice="Install Python 3.11 or 3.12, then `make setup`.",
    )


def check_packages() -> Finding:
    """Every pinned package, in the version that is pinned."""
    wrong = []
    pinned = pinned_packages()
    for name, wanted in pinned.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if version.split("+")[0] != wanted:  # a local part, as +cpu, names the build
            wrong.append(f"{name} is {version}, want {wanted}")
    return _finding(
        "Python packages",
        problem="; ".join(wrong) or None,
        fine=f"{len(pinned)} pinned packages",
        matters="Other versions were never seen to work together.",
        advice="Run `make setup`.",
    )


def check_debian() -> Finding:
    """Libraries and tools of the system."""
    missing = missing_debian_packages()
    return _finding(
        "Debian packages",
        problem=f"missing: {', '.join(missing)}" if missing else None,
        fine="all there",
        matters="Rendering without a display, and building the workspace, need them.",
        advice=f"Run `sudo apt-get install --no-install-recommends {' '.join(missing)}`.",
    )


def check_rendering() -> Finding:
    """One small picture by MuJoCo, in a process of its own since a broken driver can end it."""
    backend = ros_environment(os.environ)["MUJOCO_GL"]
    return _finding(
        "Rendering",
        problem=_complaint_of(RENDER),
        fine=f"MuJoCo draws with MUJOCO_GL={backend}",
        matters="The simulated camera sees nothing without it.",
        advice="Install libegl1 and libgl1-mesa-dri, or try MUJOCO_GL=osmesa.",
    )


def check_workspace() -> Finding:
    """The build of ros_ws against its sources; a sourced system ROS builds it elsewhere."""
    if "ROS_DISTRO" in os.environ:
        found = _find_shared("handiwork_msgs") and _find_shared("handiwork_ros")
        problem = None if found else "handiwork_msgs or handiwork_ros is in no sourced workspace"
        fine, advice = f"sourced on ROS {os.environ['ROS_DISTRO']}", "See docs/install.md."
    else:
        stage = workspace_stage()
        problem = None if stage.fresh() else "never built" if not stage.stamp.exists() else "stale"
        fine, advice = "built from its present sources", "Run `make setup`."
    return _finding(
        "ROS workspace",
        problem=problem,
        fine=fine,
        matters="It holds the messages and the nodes' executables.",
        advice=advice,
    )


def check_ros() -> Finding:
    """rclpy and one type of every package that the nodes speak."""
    return _finding(
        "ROS imports",
        problem=_complaint_of(IMPORT_ROS),
        fine="rclpy and all message packages import",
        matters="No node starts without them.",
        advice="Run `make setup`; on a system ROS, source its setup.bash and install/setup.bash.",
    )


def check_shared_memory() -> Finding:
    """Free space where Fast DDS keeps its segments."""
    free = psutil.disk_usage("/dev/shm").free // MEBIBYTE if Path("/dev/shm").is_dir() else 0
    return _finding(
        "Shared memory",
        problem=None if free >= SHARED_MEMORY_MB else f"{free} MB free, want {SHARED_MEMORY_MB} MB",
        fine=f"{free} MB free in /dev/shm",
        matters="Images travel through it; without it they are late or lost.",
        advice="In a container, start it with --shm-size=1g.",
    )


def check_memory() -> Finding:
    """Memory that is free or can be freed."""
    free = psutil.virtual_memory().available // MEBIBYTE
    return _finding(
        "Memory",
        problem=None if free >= MEMORY_MB else f"{free} MB available, want {MEMORY_MB} MB",
        fine=f"{free} MB available",
        matters="The demo with its recording needs it at its peak.",
        advice="Close other programs.",
    )


def check_checkpoint() -> Finding:
    """The checkpoint that comes with the project."""
    problem, folder = None, None
    try:
        folder = shipped_checkpoint("push_t", "diffusion")
    except HandiworkError as error:
        problem = str(error)
    return _finding(
        "Checkpoint",
        problem=problem,
        fine=str(folder),
        matters="The demo and `handiwork eval` run it when no other is given.",
        advice="Restore checkpoints/ from the project, or give checkpoint=FOLDER.",
    )


def check_domain() -> Finding:
    """A ROS domain that no other stack on this machine uses."""
    problem, domain = None, None
    try:
        with hold_domain(os.environ.get("ROS_DOMAIN_ID")) as domain:
            pass
    except HandiworkError as error:
        problem = str(error)
    return _finding(
        "ROS domain",
        problem=problem,
        fine=f"{domain} is free",
        matters="Two stacks in one domain command each other's robots.",
        advice="Stop the other stack, or unset ROS_DOMAIN_ID.",
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_packages,
    check_debian,
    check_rendering,
    check_workspace,
    check_ros,
    check_shared_memory,
    check_memory,
    check_checkpoint,
    check_domain,
)


def _finding(name: str, *, problem: str | None, fine: str, matters: str, advice: str) -> Finding:
    if problem is None:
        return Finding(name=name, ok=True, seen=fine, matters=matters)
    return Finding(name=name, ok=False, seen=problem, matters=matters, advice=advice)


def _complaint_of(program: str) -> str | None:
    """Run a small Python program in the stack's environment; the last line it complains with."""
    command = [sys.executable, "-c", program]
    environment = ros_environment(os.environ)
    try:
        run = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {PATIENCE:.0f} s"
    if run.returncode == 0:
        return None
    lines = run.stderr.strip().splitlines()
    return lines[-1] if lines else f"ended with status {run.returncode}"


def _find_shared(package: str) -> bool:
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    return any((Path(prefix) / "share" / package).is_dir() for prefix in prefixes if prefix)
