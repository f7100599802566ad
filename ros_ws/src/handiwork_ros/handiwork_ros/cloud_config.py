"""Parameters of the cloud node, and what the core makes of them."""

from dataclasses import dataclass, field

from handiwork.perception.cloud import CloudConfig
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.outliers import OutlierFilter
from handiwork.perception.robot_points import MARGIN

BOX, CLOUD = CloudBox(), CloudConfig()


@dataclass(frozen=True, kw_only=True)
class CloudNodeConfig:
    """What a cloud holds, which objects are looked for, and how often."""

    robot: str = field(default="wxai", metadata={"description": "whose points are left out"})
    base_frame: str = field(
        default="", metadata={"description": "frame of points and poses; the robot's unless given"}
    )
    low: tuple[float, ...] = field(
        default=BOX.low, metadata={"description": "corner x, y, z of what is kept, in base [m]"}
    )
    high: tuple[float, ...] = field(
        default=BOX.high, metadata={"description": "its opposite corner [m]"}
    )
    cell: float = field(
        default=BOX.cell,
        metadata={"description": "one point is kept of each cell so wide [m]", "minimum": 0.0005},
    )
    count: int = field(
        default=CLOUD.count, metadata={"description": "points of a cloud", "minimum": 1}
    )
    outlier_neighbours: int = field(
        default=0,
        metadata={"description": "that tell a point which stands alone; 0 keeps all", "minimum": 0},
    )
    outlier_deviations: float = field(
        default=2.0,
        metadata={"description": "of the mean distance, from which it goes", "minimum": 0.1},
    )
    robot_margin: float = field(
        default=MARGIN,
        metadata={"description": "around the robot's bodies that is theirs [m]", "minimum": 0.0},
    )
    objects: tuple[str, ...] = field(
        default=("",), metadata={"description": "names of objects to find; none unless given"}
    )
    rate: float = field(
        default=10.0, metadata={"description": "clouds at most [Hz]", "minimum": 0.1}
    )
    scene_period: float = field(
        default=0.0,
        metadata={"description": "between scenes for the planner [s]; 0: none", "minimum": 0.0},
    )
    silence: float = field(
        default=0.5,
        metadata={"description": "camera silence that is reported [s]", "minimum": 0.05},
    )


def cloud_config(config: CloudNodeConfig) -> CloudConfig:
    """Raises:
    ValueError: a box or a filter that cannot be.
    """
    outliers = None
    if config.outlier_neighbours:
        outliers = OutlierFilter(
            neighbours=config.outlier_neighbours, deviations=config.outlier_deviations
        )
    box = CloudBox(low=config.low, high=config.high, cell=config.cell)
    return CloudConfig(box=box, count=config.count, outliers=outliers)
