"""Keeps the planner's scene up to what is seen."""

from moveit_msgs.msg import PlanningScene
from moveit_msgs.srv import ApplyPlanningScene
from rclpy.node import Node
from rclpy.task import Future

from handiwork.planning import Scene
from handiwork_ros.cloud_messages import scene_changes_message
from handiwork_ros.quality_of_service import RELIABLE


class CloudScene:
    """Publishes diffs on planning_scene, which move_group takes, and asks apply_planning_scene,
    which the embedded planner offers too.
    """

    def __init__(self, node: Node, frame: str, period: float) -> None:
        """period: at least between two diffs [s]; 0 sends none."""
        self._frame, self._period = frame, period
        self._told: set[str] = set()
        self._sent = -period
        self._asked: Future | None = None
        if period:
            self._diffs = node.create_publisher(PlanningScene, "planning_scene", RELIABLE)
            self._apply = node.create_client(ApplyPlanningScene, "apply_planning_scene")

    def due(self, now: float) -> bool:
        """Whether a scene may be sent at `now` [s]."""
        if not self._period or (self._asked is not None and not self._asked.done()):
            return False
        return not 0 <= now - self._sent < self._period

    def send(self, scene: Scene, now: float) -> None:
        """All that is seen at `now` [s]."""
        message = scene_changes_message(scene, self._told, self._frame)
        self._sent, self._told = now, set(scene.names)
        self._diffs.publish(message)
        if self._apply.service_is_ready():
            self._asked = self._apply.call_async(ApplyPlanningScene.Request(scene=message))
            self._asked.add_done_callback(self._on_answer)

    def _on_answer(self, answer: Future) -> None:
        result = answer.result()
        if result is None or not result.success:
            self._told = set()  # a planner that began anew knows none of what we told
