"""How the executor follows chunks of Push-T on a WidowX AI: the plane, the spring, the box."""

from handiwork.control.spring import Spring
from handiwork.executor_config import ExecutorConfig
from handiwork.safety.workspace import Workspace
from handiwork.tasks.push_t import DAMPING, STIFFNESS, SUBSTEP, TIP_HEIGHT, TableSquare
from handiwork.tool_path import ToolPathConfig

_SQUARE = TableSquare()
PUSH_T_TOOL = ToolPathConfig(
    spring=Spring(stiffness=STIFFNESS, damping=DAMPING, substep=SUBSTEP, strongest=4.0),
    tip_height=TIP_HEIGHT,
    targets=Workspace(
        lower=(_SQUARE.x_min, _SQUARE.y_max - _SQUARE.side, 0.0),
        upper=(_SQUARE.x_min + _SQUARE.side, _SQUARE.y_max, 1.0),
    ),
)
PUSH_T_EXECUTION = ExecutorConfig(
    tool=PUSH_T_TOOL,
    workspace=Workspace(lower=(0.09, -0.18, 0.002), upper=(0.45, 0.18, 0.30)),  # round the plane
)
