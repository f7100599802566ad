"""The policy node's parameters, and what they mean for its stream of chunks."""

from dataclasses import dataclass, field

from handiwork.streaming.chunk_stream import StreamConfig
from handiwork.streaming.stream_guard import StreamRules
from policies.spec import PUSH_T
from policies.windows import Horizon

LONGEST_GAP = 2  # times the executed steps: without observations for longer, the plan is forgotten


@dataclass(frozen=True, kw_only=True)
class PolicyConfig:
    """Which checkpoint acts, for which skill, and how old its observations may be."""

    checkpoint: str = field(
        default="checkpoints/push_t_diffusion",
        metadata={"description": "folder of the checkpoint"},
    )
    runtime: str = field(
        default="auto",
        metadata={"description": "what computes it: auto, eager, openvino or cuda_graph"},
    )
    skill: str = field(default=PUSH_T.task, metadata={"description": "skill that it acts in"})
    object_name: str = field(
        default="t_block", metadata={"description": "name of the block in object_poses"}
    )
    real_time_chunking: bool = field(
        default=True,
        metadata={"description": "begin a chunk with the rows that are followed meanwhile"},
    )
    spare_steps: int = field(
        default=3,
        metadata={
            "description": "rows sent beyond the executed ones, for when the next chunk is late",
            "minimum": 0,
        },
    )
    candidates: int = field(
        default=1, metadata={"description": "chunks to propose at a time", "minimum": 1}
    )
    seed: int = field(
        default=0, metadata={"description": "seed of the noise, the same in every run"}
    )
    camera_age: float = field(
        default=0.5, metadata={"description": "oldest image to act on [s]", "minimum": 0.01}
    )
    joints_age: float = field(
        default=0.2, metadata={"description": "oldest joint states to act on [s]", "minimum": 0.01}
    )
    largest_jump: float = field(
        default=100.0,  # the demonstrations' largest is 59
        metadata={
            "description": "change of a corner or of the rod in 0.1 s that nothing but a hand or a "
            "reset makes [px]; the policy then forgets its plan",
            "minimum": 1.0,
        },
    )


def stream_config(config: PolicyConfig, horizon: Horizon) -> StreamConfig:
    """How the chunks of a policy with this horizon follow each other."""
    return StreamConfig(
        period=PUSH_T.period,
        now=horizon.now,
        executed_steps=horizon.executed_steps,
        sent_steps=horizon.executed_steps + config.spare_steps,
        real_time=config.real_time_chunking,
        rules=StreamRules(
            longest_gap=LONGEST_GAP * horizon.executed_steps * PUSH_T.period,
            largest_jump=config.largest_jump,
            period=PUSH_T.period,
            unit=PUSH_T.state_units[0],
        ),
    )
