"""What the planner node is told."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class PlannerNodeConfig:
    """Parameters of the node."""

    robot: str = field(default="wxai", metadata={"description": "which robot"})
    controllers: tuple[str, ...] = field(
        default=("",),
        metadata={"description": "others than the arm server's, each GROUP=NAME"},
    )
    seed: int = field(
        default=0, metadata={"description": "of the search; 0: drawn anew each time", "minimum": 0}
    )
    stale: float = field(
        default=1.0,
        metadata={
            "description": "age of joint_states beyond which they are not used [s]",
            "minimum": 0.01,
        },
    )
