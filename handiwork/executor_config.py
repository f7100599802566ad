"""How patient, how quick and within which bounds the executor follows chunks."""

from dataclasses import dataclass

from handiwork.safety.workspace import Workspace
from handiwork.tool_path import ToolPathConfig


@dataclass(frozen=True, kw_only=True)
class ExecutorConfig:
    """How chunks are followed. A task says what belongs to its place and its tool.

    lead: from a chunk's arrival to where its trajectory may first differ. It covers the making of
        the trajectory and its way to the controller, which must have it before it departs.
    tool: how x, y targets of a tool in a plane are followed, where a task has those.
    workspace: box that the tool must not leave, where there is one; what would is refused.
    """

    lead: float = 0.04  # [s]
    wire: float = 0.01  # [s] of the lead that the way to the controller may take
    late_lead: float = 0.4  # [s] for a second try, where making the trajectory took too long
    max_rows_past: int = 2  # of a chunk in time
    forget_sender: float = 1.0  # [s] of silence after which another sender may count anew
    moved: float = 0.1  # [rad] from the command: somebody else moved the arm
    resting: float = 0.005  # [rad] the same while it rests
    tool: ToolPathConfig | None = None
    workspace: Workspace | None = None
