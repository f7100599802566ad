"""What can be said after `handiwork`: each command with its settings and examples."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from handiwork_app import commands
from handiwork_app.settings import Config

OBS = "obs=state|image|points   what a policy sees"
CHECKPOINT = "checkpoint=FOLDER   the policy; the one that ships with the project unless given"
FOLDER = "folder=FOLDER       where files go; runs/<command>/<time> unless given"
NODES = "nodes.NODE.PARAMETER=VALUE   any parameter of a node, as in nodes.sim.camera_rate=15"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `handiwork`."""

    summary: str
    run: Callable[[Config, Console], dict[str, Any]]
    app: str  # the choice of `app` that it begins with
    examples: tuple[str, ...]
    settings: tuple[str, ...]


COMMANDS = {
    "up": Command(
        summary="start the stack and keep it up until Ctrl-C",
        run=commands.up,
        app="sim",
        examples=(
            "task=push_t",
            "task=push_t policy=diffusion checkpoint=runs/train/mine",
            "app=arm robot=fr3",
            "app=arm robot=wxai hardware=real address=192.168.1.2",
            "app=arm robot=fr3 hardware=real camera=ours serial=036522070660",
        ),
        settings=(
            "app=sim|arm         a policy at a task, or a robot's controllers and planner alone",
            "hardware=sim|real  controllers=ours|ros2_control  planner=embedded|move_group",
            "address=TEXT        of the real robot; as it is delivered unless given",
            "camera=none|ours|realsense2_camera  serial=NUMBER   the RealSense of app=arm",
            "hand_eye=FILE       where that camera is, as `handiwork calibrate hand_eye` wrote it; "
            "gives clouds, too",
            CHECKPOINT,
            FOLDER,
            NODES,
        ),
    ),
    "demo": Command(
        summary="run seeded episodes on the simulated arm and report on them",
        run=commands.demo,
        app="demo",
        examples=("", "episodes=2 seed=7", "--json demo.json"),
        settings=("episodes=N  seed=N", CHECKPOINT, FOLDER, NODES),
    ),
    "demos": Command(
        summary="record scripted demonstrations of a task in the simulation",
        run=commands.demos,
        app="demos",
        examples=("task=lift episodes=200", "task=stack obs=image folder=demos/stack"),
        settings=(OBS, "episodes=N  seed=N", FOLDER),
    ),
    "train": Command(
        summary="learn a checkpoint from demonstrations",
        run=commands.train,
        app="train",
        examples=(
            "task=push_t policy=diffusion data=pusht_lowdim.npz",
            "data=pusht_lowdim.npz training.steps=2000 folder=runs/train/mine",
            "task=lift policy=carp data=demos/lift training.threads=1",
            "data=pusht_lowdim.npz policy.denoiser.kind=unet policy.horizon.executed_steps=6",
        ),
        settings=(
            "data=PATH           the demonstrations: a folder, or a published file of push_t",
            OBS,
            "folder=FOLDER       where the checkpoint goes; a run that stopped there goes on",
            "seed=N  training.steps=N  training.batch_size=N  training.learning_rate=X",
            "training.threads=N  training.device=cpu|cuda  training.precision=fp32|bf16",
            "training.rollout_every=N   steps between trials, the best of which is kept; 0: none",
            "policy.NAME=VALUE   any setting of the policy, as in policy.denoiser.width=128",
            "several processes: accelerate launch ... -m handiwork_app.cli train folder=FOLDER ...",
        ),
    ),
    "bench": Command(
        summary="measure how fast policies act and learn, side by side and beside a peer",
        run=commands.bench,
        app="bench",
        examples=(
            "policies --json -",
            "policies quick=true",
            "policies measure.channels=[64,128,256] measure.checkpoints=[checkpoints/push_t_carp]",
            "training training.threads=1 --json -",
            "training task=lift policy=carp training.batch_size=64",
            "peers measure.batch_sizes=[64]",
            "kinematics robot=wxai --json -",
            "gate robot=fr3 sequences=1000 --json -",
            "executor robot=wxai --json -",
            "planner measure.robots=[panda] measure.scenes=[wall,shelf]",
            "perception --json -",
            "poses measure.scenes=40 folder=runs/poses",
            "transport measure.cameras=[1,3] measure.subscribers=2 --json -",
            "camera measure.seconds=60 --json -",
            "hands data=hands --json -",
        ),
        settings=(
            "quick=true          smaller networks and less repetition, in under a minute",
            "measure.seconds=N  measure.threads=N  measure.channels=[N,...]  measure.peers=false",
            "robot=fr3|g1|panda|wx250s|wxai|wxai_pair   of kinematics, gate, executor",
            "sequences=N         of gate",
            "data=PATH           of camera: a .db3 recording instead of its test pattern",
            "measure.scenes=N  measure.objects=[cube,...]  measure.pictures=N   of poses",
            "measure.robots=[panda,...]  measure.scenes=[wall,...]  measure.problems=N  of planner",
            "of training:",
            OBS,
            "data=PATH           demonstrations; made up in the task's sizes unless given",
            "training.steps=N    how many are measured; training.*, policy.* as for train",
        ),
    ),
    "calibrate": Command(
        summary="find where cameras are, and how sure that is",
        run=commands.calibrate,
        app="calibrate",
        examples=(
            "hand_eye --from views.json --json -",
            "hand_eye --auto robot=wxai kind=eye_in_hand --json -",
            "time_offset --from paths.zip",
            "intrinsics --from pictures",
        ),
        settings=(
            "--from PATH         views, paths or pictures; docs/calibration.md describes them",
            "folder=FOLDER       where the result, its report and exports go",
            "with --auto: kind=eye_in_hand|eye_to_hand  hardware=sim|real  camera=ours  seed=N",
            "nodes.calibrator.PARAMETER=VALUE   as the board, guesses and how well it is wanted",
        ),
    ),
    "eval": Command(
        summary="measure a checkpoint over many seeded episodes",
        run=commands.evaluate,
        app="eval",
        examples=(
            "task=push_t policy=diffusion backend=gym episodes=50 seed=100000 --json -",
            "task=lift policy=diffusion episodes=50",
            "backend=ros episodes=20",
        ),
        settings=(
            "backend=ros|gym     push_t through ROS on the arm, or in the published environment",
            OBS,
            "episodes=N  seed=N",
            CHECKPOINT,
            FOLDER,
            NODES,
        ),
    ),
}
# Commands with a word of their own, and the setting that it is.
