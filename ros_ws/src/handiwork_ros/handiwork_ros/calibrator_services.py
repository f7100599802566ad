"""What a person asks of a calibrator, as services; a refusal is a sentence, never an exception."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from std_srvs.srv import Trigger

from handiwork.errors import HandiworkError

if TYPE_CHECKING:
    from handiwork_ros.calibrator_node import CalibratorNode


class CalibratorServices:
    """~/take_sample, ~/remove_sample, ~/compute and ~/save (std_srvs/Trigger)."""

    def __init__(self, node: "CalibratorNode") -> None:
        self._node = node
        offered = {
            "~/take_sample": lambda: f"took {node.take().name}",
            "~/remove_sample": lambda: f"removed {node.remove().name}",
            "~/compute": self._computed,
            "~/save": lambda: f"saved {node.save()}",
        }
        for name, work in offered.items():
            node.create_service(Trigger, name, self._served(work))

    def _computed(self) -> str:
        x, y, z = self._node.compute().transform[:3, 3]
        return f"camera at x={x:.4f}, y={y:.4f}, z={z:.4f} m"

    @staticmethod
    def _served(
        work: Callable[[], str],
    ) -> Callable[[Trigger.Request, Trigger.Response], Trigger.Response]:
        def on_call(_: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
            try:
                response.message, response.success = work(), True
            except HandiworkError as error:
                response.message = str(error)
            return response

        return on_call
