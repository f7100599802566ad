"""Words on the command line become settings, and settings a stack; what is wrong is named."""

import pytest

from handiwork.errors import HandiworkError
from handiwork_app.compose import BadSetting, Config, choices, compose, load_config


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
        (["app=fly"], r"no app named 'fly'\. Known: bench, demo, demos, eval, sim, train\."),
        (["sed=1"], r"no setting named 'sed'\. Known: .*seed"),
        (["task.speed=1"], r"no setting named 'task\.speed'\. Known: task\.name, task\.timeout"),
        (["nodes.wheel.x=1"], r"no node named 'wheel'\. Known: executor"),
        (["nodes.sim=3"], r"nodes\.sim is 3, want nodes\.sim\.PARAMETER=value"),
        (["seed=x"], r"seed is 'x', want a whole number"),
        (["episodes=-1"], "episodes is -1, want 0 or more"),
        (["backend=moon"], r"no backend named 'moon'\. Known: gym, ros\."),
        (["task=lift", "backend=ros"], r"no backend named 'ros'\. Known: sim\."),
        (["obs=smell"], r"no obs named 'smell'\. Known: image, points, state\."),
        (["push_t"], "'push_t' is not of the form name=value"),
        (["data=a(b"], "cannot read the settings 'data=a.b'.*quotes"),
    ],
)
def test_what_is_wrong_is_named_in_one_sentence(words: list[str], says: str) -> None:
    with pytest.raises(HandiworkError, match=says) as caught:
        compose(load_config(words))
    assert "\n" not in str(caught.value)


def test_a_task_without_a_ros_side_starts_nothing() -> None:
    with pytest.raises(HandiworkError, match="no task with a ROS side named 'lift'"):
        compose(load_config(["app=sim", "task=lift"]))


def test_choices_are_the_files_of_a_group() -> None:
    assert choices("robot") == ("wxai",)
    assert set(choices("app")) == {"sim", "demo", "demos", "eval", "train", "bench"}


def test_settings_are_plain_values_that_cannot_change() -> None:
    config = load_config(["nodes.sim.a=[1.0,2.0]"])
    assert type(config.nodes) is dict and config.nodes["sim"]["a"] == [1.0, 2.0]
    with pytest.raises(AttributeError):
        config.seed = 3  # type: ignore[misc]
    with pytest.raises(BadSetting):
        Config(app="x", task=config.task, robot=config.robot, policy=config.policy, episodes=-2)
