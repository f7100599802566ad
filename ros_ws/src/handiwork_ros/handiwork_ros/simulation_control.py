"""simulation_interfaces for our simulator: play, pause, step, reset; the rest is refused by name.

Source: simulation_interfaces 1.6.1; a paused simulation is what StepSimulation asks for.
"""

from collections.abc import Callable

from rclpy.node import Node
from simulation_interfaces.msg import Result, SimulatorFeatures
from simulation_interfaces.srv import (
    GetSimulationState,
    GetSimulatorFeatures,
    ResetSimulation,
    SetSimulationState,
    StepSimulation,
)

from handiwork_ros.simulated_arm import Motion, SimulatedArm

LONGEST_STEP = 10_000  # more would block the node for seconds
FEATURES = (
    SimulatorFeatures.SIMULATION_RESET,
    SimulatorFeatures.SIMULATION_RESET_STATE,
    SimulatorFeatures.SIMULATION_STATE_GETTING,
    SimulatorFeatures.SIMULATION_STATE_SETTING,
    SimulatorFeatures.SIMULATION_STATE_PAUSE,
    SimulatorFeatures.STEP_SIMULATION_SINGLE,
    SimulatorFeatures.STEP_SIMULATION_MULTIPLE,
)


class SimulationControl:
    """The five services, under the node's own name."""

    def __init__(self, node: Node, arm: SimulatedArm, restart: Callable[[], object]) -> None:
        self._arm = arm
        self._restart = restart
        serve = node.create_service
        serve(GetSimulatorFeatures, "~/get_simulator_features", self._on_features)
        serve(GetSimulationState, "~/get_simulation_state", self._on_get_state)
        serve(SetSimulationState, "~/set_simulation_state", self._on_set_state)
        serve(StepSimulation, "~/step_simulation", self._on_step)
        serve(ResetSimulation, "~/reset_simulation", self._on_reset)

    def _on_features(
        self, _: GetSimulatorFeatures.Request, response: GetSimulatorFeatures.Response
    ) -> GetSimulatorFeatures.Response:
        response.features.features = list(FEATURES)
        return response

    def _on_get_state(
        self, _: GetSimulationState.Request, response: GetSimulationState.Response
    ) -> GetSimulationState.Response:
        response.state.state = self._arm.motion.value
        response.result = _ok()
        return response

    def _on_set_state(
        self, request: SetSimulationState.Request, response: SetSimulationState.Response
    ) -> SetSimulationState.Response:
        wanted = request.state.state
        if wanted not in {motion.value for motion in Motion}:
            response.result = _refused(
                f"state {wanted} is not offered, want STOPPED, PLAYING or PAUSED.",
                SetSimulationState.Response.INCORRECT_TRANSITION,
            )
        elif wanted == self._arm.motion.value:
            response.result = _refused(
                f"already {self._arm.motion.name}.",
                SetSimulationState.Response.ALREADY_IN_TARGET_STATE,
            )
        else:
            self._arm.motion = Motion(wanted)
            if self._arm.motion is Motion.STOPPED:
                self._restart()  # stopped means: at the start again
            response.result = _ok()
        return response

    def _on_step(
        self, request: StepSimulation.Request, response: StepSimulation.Response
    ) -> StepSimulation.Response:
        if self._arm.motion is not Motion.PAUSED:
            response.result = _refused(
                f"the simulation is {self._arm.motion.name}, want PAUSED. Pause it first."
            )
        elif not 1 <= request.steps <= LONGEST_STEP:
            response.result = _refused(
                f"{request.steps} steps were asked for, want 1 to {LONGEST_STEP}."
            )
        else:
            self._arm.advance(request.steps)
            response.result = _ok()
        return response

    def _on_reset(
        self, request: ResetSimulation.Request, response: ResetSimulation.Response
    ) -> ResetSimulation.Response:
        offered = (ResetSimulation.Request.SCOPE_DEFAULT, ResetSimulation.Request.SCOPE_STATE)
        if request.scope not in offered:
            response.result = _refused(
                f"scope {request.scope} is not offered: time never jumps back and nothing is "
                "spawned. Ask for SCOPE_STATE (2).",
                Result.RESULT_FEATURE_UNSUPPORTED,
            )
        else:
            self._restart()
            response.result = _ok()
        return response


def _ok() -> Result:
    return Result(result=Result.RESULT_OK)


def _refused(sentence: str, code: int = Result.RESULT_OPERATION_FAILED) -> Result:
    return Result(result=code, error_message=sentence)
