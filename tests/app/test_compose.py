"""Words on the command line become settings, and settings a stack; what is wrong is named."""

import pytest

from handiwork.errors import HandiworkError
from handiwork.robots.registry import ROBOTS
from handiwork_app.compose import compose
from handiwork_app.process import Process
from handiwork_app.settings import BadSetting, Config
from handiwork_app.words import choices, load_config


def test_the_evaluator_is_there_only_where_episodes_are_asked_for() -> None:
    names = {app: [p.name for p in compose(load_config([f"app={app}"]))] for app in ("sim", "demo")}
    assert names["sim"] == ["sim", "sim_camera", "perception", "policy", "executor"]
    assert names["demo"] == [*names["sim"], "evaluator"]


def test_only_the_evaluator_is_the_job() -> None:
    assert [p.name for p in compose(load_config(["app=demo"])) if p.job] == ["evaluator"]


def test_all_nodes_live_under_the_robot_s_namespace_on_the_stack_s_clock() -> None:
    for process in compose(load_config(["app=demo"])):
        assert process.namespace == "/widowx"
        assert process.parameters["use_sim_time"] is True


def test_words_reach_the_nodes_they_are_meant_for() -> None:
    words = ["app=eval", "episodes=3", "seed=9", "checkpoint=/c", "folder=/f", "task.timeout=5"]
    by_name = {p.name: p.parameters for p in compose(load_config(words))}
    assert by_name["policy"]["checkpoint"] == "/c"
    assert by_name["sim"]["command_log"] == "/f/commands.npz"
    evaluator = by_name["evaluator"]
    assert (evaluator["episodes"], evaluator["seed"], evaluator["folder"]) == (3, 9, "/f")
    assert evaluator["timeout"] == 5.0 and type(evaluator["timeout"]) is float


def test_a_parameter_of_a_node_can_be_set_from_the_command_line() -> None:
    (sim, *_) = compose(load_config(["nodes.sim.some_rate=250.0"]))
    assert sim.parameters["some_rate"] == 250.0


def test_the_demo_and_the_evaluation_begin_at_the_benchmark_s_seed() -> None:
    assert load_config(["app=demo"]).seed == load_config(["app=eval"]).seed == 100_000
    assert (load_config(["app=demo"]).episodes, load_config(["app=train"]).seed) == (5, 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["policy=wish"], r"no policy named 'wish'\. Known: carp, diffusion, streaming\."),
        (
            ["app=fly"],
            r"no app named 'fly'\. Known: arm, bench, calibrate, demo, demos, eval, sim, train\.",
        ),
        (["sed=1"], r"no setting named 'sed'\. Known: .*seed"),
        (["task.speed=1"], r"no setting named 'task\.speed'\. Known: task\.name, task\.timeout"),
        (["nodes.wheel.x=1"], r"no node named 'wheel'\. Known: executor"),
        (["nodes.sim=3"], r"nodes\.sim is 3, want nodes\.sim\.PARAMETER=value"),
        (["seed=x"], r"seed is 'x', want a whole number"),
        (["episodes=-1"], "episodes is -1, want 0 or more"),
        (["backend=moon"], r"no backend named 'moon'\. Known: gym, ros\."),
        (["task=lift", "backend=ros"], r"no backend named 'ros'\. Known: sim\."),
        (["obs=smell"], r"no obs named 'smell'\. Known: image, points, state\."),
        (["hardware=toy"], r"no hardware named 'toy'\. Known: real, sim\."),
        (["camera=eye"], r"no camera named 'eye'\. Known: none, ours, realsense2_camera\."),
        (["planner=guess"], r"no planner named 'guess'\. Known: embedded, move_group\."),
        (["robot=g1"], r"robot is g1, want wxai"),
        (["app=arm", "robot=g1", "controllers=ros2_control"], "no such controllers of g1"),
        (["push_t"], "'push_t' is not of the form name=value"),
        (["data=a(b"], "cannot read the settings 'data=a.b'.*quotes"),
    ],
)
def test_what_is_wrong_is_named_in_one_sentence(words: list[str], says: str) -> None:
    with pytest.raises(HandiworkError, match=says) as caught:
        compose(load_config(words))
    assert "\n" not in str(caught.value)


def test_a_robot_has_our_camera_or_its_makers_under_the_same_names() -> None:
    def camera(choice: str) -> Process:
        words = ["app=arm", "hardware=real", f"camera={choice}", "serial=036522070660"]
        return next(each for each in compose(load_config(words)) if each.name == "camera")

    ours, theirs = camera("ours"), camera("realsense2_camera")
    assert (ours.package, ours.executable) == ("handiwork_ros", "camera")
    assert (theirs.package, theirs.executable) == ("realsense2_camera", "realsense2_camera_node")
    assert ours.namespace == theirs.namespace == "/widowx"
    assert ours.parameters["serial_no"] == theirs.parameters["serial_no"] == "036522070660"
    assert not any(p.name == "camera" for p in compose(load_config(["app=arm"])))


def test_a_camera_whose_place_is_known_gives_a_cloud() -> None:
    words = ["app=arm", "robot=fr3", "camera=ours", "hand_eye=mine.yaml"]
    words.append("nodes.cloud.objects=[cube,mug]")
    nodes = {each.name: each.parameters for each in compose(load_config(words))}
    assert str(nodes["camera_place"]["file"]).endswith("/mine.yaml")
    assert nodes["cloud"]["robot"] == "fr3"
    assert nodes["cloud"]["objects"] == ["cube", "mug"]
    without = {each.name for each in compose(load_config(["app=arm", "camera=ours"]))}
    assert not without & {"camera_place", "cloud"}


def test_a_task_without_a_ros_side_starts_nothing() -> None:
    with pytest.raises(HandiworkError, match="no task with a ROS side named 'lift'"):
        compose(load_config(["app=sim", "task=lift"]))


def test_choices_are_the_files_of_a_group() -> None:
    assert set(choices("robot")) == set(ROBOTS)
    assert set(choices("app")) == {
        "arm",
        "calibrate",
        "sim",
        "demo",
        "demos",
        "eval",
        "train",
        "bench",
    }


def test_settings_are_plain_values_that_cannot_change() -> None:
    config = load_config(["nodes.sim.a=[1.0,2.0]"])
    assert type(config.nodes) is dict and config.nodes["sim"]["a"] == [1.0, 2.0]
    with pytest.raises(AttributeError):
        config.seed = 3  # type: ignore[misc]
    with pytest.raises(BadSetting):
        Config(app="x", task=config.task, robot=config.robot, policy=config.policy, episodes=-2)


def arm_stack(*words: str) -> dict[str, Process]:
    return {process.name: process for process in compose(load_config(["app=arm", *words]))}


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_alone_is_its_arm_server_and_what_uses_it(robot: str) -> None:
    stack = arm_stack(f"robot={robot}")
    assert list(stack) == ["arm_server", "executor", "frames", "planner"]
    for process in stack.values():
        assert process.parameters["robot"] == robot
        assert process.parameters["use_sim_time"] is True
    assert stack["arm_server"].parameters["driver"] == "sim"


def test_the_real_robot_has_its_driver_and_the_wall_s_clock() -> None:
    stack = arm_stack("robot=wxai_pair", "hardware=real", "address=10.0.0.5+10.0.0.4")
    server = stack["arm_server"].parameters
    assert (server["driver"], server["address"]) == ("trossen", "10.0.0.5+10.0.0.4")
    assert not any(process.parameters["use_sim_time"] for process in stack.values())


def test_the_maker_s_own_controllers_take_the_arm_server_s_place() -> None:
    stack = arm_stack("robot=fr3", "hardware=real", "controllers=ros2_control")
    assert list(stack) == ["executor", "frames", "planner"]
    for process in stack.values():
        assert process.remappings == (("joint_states", "/franka/joint_states"),)
    for name in ("executor", "planner"):
        assert stack[name].parameters["controllers"] == ["arm=/fr3_arm_controller"]


def test_move_group_takes_the_planner_s_place() -> None:
    stack = arm_stack("robot=panda", "planner=move_group")
    assert list(stack) == ["arm_server", "executor", "robot_state_publisher", "move_group"]
    assert {process.namespace for process in stack.values()} == {"/franka"}
