"""How patient, how quick and within which bounds the executor follows chunks."""

from dataclasses import dataclass, field

from handiwork.safety import Workspace
from handiwork.tool_path import ToolPathConfig

_AROUND_THE_PLANE = Workspace(lower=(0.09, -0.18, 0.002), upper=(0.45, 0.18, 0.30))


@dataclass(frozen=True, kw_only=True)
class ExecutorConfig:
    """How chunks are followed.

    lead: from a chunk's arrival to where its trajectory may first differ. It covers the making of
        the trajectory and its way to the controller, which must have it before it departs.
    workspace: box that the tool must not leave; the gate refuses what would.
    """

    lead: float = 0.04  # [s]
    wire: float = 0.01  # [s] of the lead that the way to the controller may take
    late_lead: float = 0.4  # [s] for a second try, where making the trajectory took too long
    max_rows_past: int = 2  # of a chunk in time
    forget_sender: float = 1.0  # [s] of silence after which another sender may count anew
    moved: float = 0.1  # [rad] from the command: somebody else moved the arm
    resting: float = 0.005  # [rad] the same while it rests
    tool: ToolPathConfig = field(default_factory=ToolPathConfig)
    workspace: Workspace = _AROUND_THE_PLANE
