"""The simulator is played, paused, stepped and reset through services; time never jumps back."""

import numpy as np
import pytest
from handiwork_msgs.msg import GroundTruth
from handiwork_msgs.srv import ResetEpisode
from rclpy.node import Node
from rosgraph_msgs.msg import Clock
from simulation_interfaces.msg import Result, SimulationState, SimulatorFeatures
from simulation_interfaces.srv import (
    GetSimulationState,
    GetSimulatorFeatures,
    ResetSimulation,
    SetSimulationState,
    StepSimulation,
)

from handiwork.tasks.push_t import initial_state
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.sim_node import SimConfig, SimNode

TYPES = {
    "get_simulator_features": GetSimulatorFeatures,
    "get_simulation_state": GetSimulationState,
    "set_simulation_state": SetSimulationState,
    "step_simulation": StepSimulation,
    "reset_simulation": ResetSimulation,
    "reset_episode": ResetEpisode,
}


class Asker:
    """Calls the simulator's services and hears its clock and its truth."""

    def __init__(self, graph):
        self.graph = graph
        node = graph.add(Node("asker"))
        self.clients = {
            name: node.create_client(kind, f"sim/{name}") for name, kind in TYPES.items()
        }
        self.clock, self.truth = [], []
        node.create_subscription(
            Clock, "/clock", lambda m: self.clock.append(seconds_from_stamp(m.clock)), 10
        )
        node.create_subscription(GroundTruth, "sim/ground_truth", self.truth.append, 10)
        assert graph.until(
            lambda: (
                all(client.service_is_ready() for client in self.clients.values())
                and self.clock
                and self.truth
            )
        )

    def call(self, name, **request):
        future = self.clients[name].call_async(TYPES[name].Request(**request))
        assert self.graph.until(future.done)
        return future.result()

    def turn(self, state):
        return self.call("set_simulation_state", state=SimulationState(state=state)).result


@pytest.fixture
def sim(graph, tmp_path):
    log = tmp_path / "commands.npz"
    graph.log = log
    graph.node = graph.add(SimNode(SimConfig(priority=0, clock_rate=50.0, command_log=str(log))))
    return Asker(graph)


def test_an_episode_starts_where_its_seed_says_and_time_goes_on(graph, sim):
    before = sim.clock[-1]
    reply = sim.call("reset_episode", seed=100003)
    assert reply.success, reply.message
    np.testing.assert_allclose(reply.state[2:], initial_state(100003)[2:])
    sim.truth.clear()
    assert graph.until(lambda: len(sim.truth) > 2)
    np.testing.assert_allclose(sim.truth[-1].block_px[:2], reply.state[2:4], atol=1.0)
    np.testing.assert_allclose(sim.truth[-1].rod_px, reply.state[:2], atol=1.0)
    assert before <= sim.clock[-1]
    assert (np.diff(sim.clock) > 0).all()


def test_the_same_seed_gives_the_same_start_and_a_state_may_be_given(graph, sim):
    first = list(sim.call("reset_episode", seed=7).state)
    assert list(sim.call("reset_episode", seed=8).state) != first
    assert list(sim.call("reset_episode", seed=7).state) == first
    wanted = [100.0, 400.0, 300.0, 200.0, 0.5]
    np.testing.assert_allclose(sim.call("reset_episode", seed=0, state=wanted).state, wanted)


def test_a_state_of_another_size_is_refused_by_name(sim):
    reply = sim.call("reset_episode", seed=0, state=[1.0, 2.0])
    assert not reply.success
    assert "(2,)" in reply.message


def test_pausing_stops_the_clock_and_stepping_moves_it_by_so_much(graph, sim):
    assert sim.turn(SimulationState.STATE_PAUSED).result == Result.RESULT_OK
    graph.spin(0.1)
    paused = sim.clock[-1]
    graph.spin(0.2)
    assert sim.clock[-1] == paused
    assert sim.call("step_simulation", steps=50).result.result == Result.RESULT_OK
    assert graph.until(lambda: sim.clock[-1] > paused, 1.0)
    graph.spin(0.1)
    assert sim.clock[-1] == pytest.approx(paused + 0.1, abs=0.021)
    assert sim.turn(SimulationState.STATE_PLAYING).result == Result.RESULT_OK
    assert graph.until(lambda: sim.clock[-1] > paused + 0.2, 2.0)


def test_stepping_while_playing_is_refused(sim):
    result = sim.call("step_simulation", steps=1).result
    assert result.result == Result.RESULT_OPERATION_FAILED
    assert "Pause it first" in result.error_message


def test_states_that_hold_or_do_not_exist_are_refused(sim):
    already = sim.turn(SimulationState.STATE_PLAYING)
    assert already.result == SetSimulationState.Response.ALREADY_IN_TARGET_STATE
    unknown = sim.turn(SimulationState.STATE_QUITTING)
    assert unknown.result == SetSimulationState.Response.INCORRECT_TRANSITION
    assert sim.call("get_simulation_state").state.state == SimulationState.STATE_PLAYING


def test_resetting_the_state_is_offered_and_resetting_the_time_refused_by_name(graph, sim):
    state = sim.call("reset_episode", seed=7).state
    before = sim.clock[-1]
    request = ResetSimulation.Request
    for scope in (request.SCOPE_DEFAULT, request.SCOPE_STATE):
        assert sim.call("reset_simulation", scope=scope).result.result == Result.RESULT_OK
    sim.truth.clear()
    assert graph.until(lambda: sim.truth)
    np.testing.assert_allclose(sim.truth[-1].block_px[:2], state[2:4], atol=1.0)
    refused = sim.call("reset_simulation", scope=request.SCOPE_TIME).result
    assert refused.result == Result.RESULT_FEATURE_UNSUPPORTED
    assert "time never jumps back" in refused.error_message
    assert sim.clock[-1] >= before


def test_the_features_name_what_is_offered(sim):
    features = sim.call("get_simulator_features").features.features
    assert SimulatorFeatures.SIMULATION_RESET_STATE in features
    assert SimulatorFeatures.SIMULATION_RESET_TIME not in features
    assert SimulatorFeatures.SPAWNING not in features


def test_every_command_is_in_the_log_and_resets_are_marked(graph, sim):
    sim.call("reset_episode", seed=7)
    graph.spin(0.3)
    graph.executor.remove_node(graph.node)
    graph.node.destroy_node()
    with np.load(graph.log) as log:
        times, positions = log["times"], log["positions"]
        elsewhere = int(np.searchsorted(times, log["resets"][0], "right"))
        assert len(log["names"]) == positions.shape[1]
        assert len(log["resets"]) == 1
    jumps = np.flatnonzero(np.abs(np.diff(positions, axis=0)).max(axis=1) > 1e-3)
    np.testing.assert_array_equal(jumps + 1, [elsewhere])  # between the reset and what came next
    np.testing.assert_allclose(np.diff(times), 0.002, atol=1e-9)
    assert times[-1] == pytest.approx(sim.clock[-1], abs=0.05)
