"""What is learned from demonstrations is chosen well for them, and bad settings are refused."""

import dataclasses

import numpy as np
import pytest
import torch

from handiwork.errors import BadValue, UnknownName
from handiwork.tasks import push_t
from policies.config_tree import BadConfig
from policies.encoders import ImageConfig, KeypointConfig, PointsConfig, StateConfig
from policies.training.recipes import merged, recipe
from policies.training.sights import WAVES, encoder_settings
from policies.training.window_data import split
from tests.policies.training.tiny import SETTINGS, demonstrations


def make(kind: str = "diffusion", obs: str = "state", **settings):
    return recipe(demonstrations(obs), kind, {**SETTINGS[kind], **settings}, 2)


def test_actions_are_relative_to_the_tool_and_the_gripper_is_absolute():
    assert make().interface.relative_to == (0, 1, -1)


def test_a_state_is_seen_also_by_where_things_lie_to_each_other():
    config = make().interface.encoder
    assert isinstance(config, StateConfig)
    assert config.pairs == ((3, 0), (4, 1)) and config.scales == (0.05, 0.05)


def test_square_things_look_alike_at_every_quarter_turn():
    data = demonstrations()
    names = ("tool_x", "tool_y", "tool_yaw", "cube_x", "cube_yaw")
    config = StateConfig(**encoder_settings(dataclasses.replace(data, state_names=names)))
    assert config.pairs == ((3, 0), (4, 2))
    turn = (np.pi / 2) / config.scales[1] * WAVES[0]
    assert turn % (2 * np.pi) == pytest.approx(0)


@pytest.mark.parametrize(
    ("obs", "kind"), [("state", StateConfig), ("image", ImageConfig), ("points", PointsConfig)]
)
def test_the_encoder_is_the_one_for_what_the_data_shows(obs: str, kind: type):
    eyes = {"encoder": {"channels": [16], "keypoints": 2}} if obs == "image" else {}
    policy = make(obs=obs, **eyes)
    assert type(policy.interface.encoder) is kind
    data = demonstrations(obs)
    assert set(policy.encoder.inputs) <= set(data.arrays)
    for name, example in zip(policy.encoder.inputs, policy.encoder.example(1), strict=True):
        assert tuple(example.shape[2:]) == data.arrays[name].shape[1:]


def test_points_lie_within_the_extent_that_becomes_one():
    data = demonstrations("points")
    config = PointsConfig(**encoder_settings(data))
    away = np.abs(data.arrays["points"].reshape(-1, 3) - np.array(config.centre)).max()
    assert away == pytest.approx(config.extent, rel=0.05)


def test_push_t_keeps_its_keypoints():
    data = dataclasses.replace(demonstrations(), task="push_t")
    config = KeypointConfig(**encoder_settings(data))
    assert config.goal == tuple(push_t.keypoints(push_t.GOAL_PX).ravel())


def test_statistics_are_those_of_the_episodes_that_are_learned_from():
    data = demonstrations()
    data.arrays["state"][data.episode_ends[-3] :] += 50.0  # only in what is held out
    data.arrays["action"][data.episode_ends[-3] :] -= 70.0
    got = recipe(data, "diffusion", SETTINGS["diffusion"], 2).state_dict()
    want = make().state_dict()
    for name in ("encoder.state.scale", "codec.scale.scale", "codec.scale.offset"):
        torch.testing.assert_close(got[name], want[name])


def test_what_is_learned_from_is_about_one_in_size():
    data, policy = demonstrations(), make()
    learned, _ = split(data, 2, policy.interface.horizon, ("state",))
    batch = learned.batch(np.arange(len(learned)))
    chunk = policy.clean_chunk(
        {"state": torch.from_numpy(batch.observed["state"])}, torch.from_numpy(batch.actions)
    )
    torch.testing.assert_close(chunk[..., :2].std(0), torch.full((8, 2), 0.5), atol=1e-2, rtol=0)
    assert chunk[..., 2].abs().max() <= 1 + 1e-5


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        ("diffusion", {"horizon": {"predicted_steps": 3}}, "predicted_steps must be >="),
        ("diffusion", {"sampler": {"steps": 101}}, "training_levels=100"),
        ("diffusion", {"denoiser": {"kind": "unet", "groups": 3}}, "must divide by groups=3"),
        ("diffusion", {"denoiser": {"kind": "cnn"}}, "want one of mlp, transformer, unet"),
        ("diffusion", {"widht": 3}, "policy.widht: unknown"),
        ("streaming", {"sampling_levels": 101}, "training_levels=100"),
        ("streaming", {"sampling_levels": 5}, "must divide by the plan's 2 chunks"),
        ("carp", {"tokenizer": {"scales": [1, 3]}}, "scales"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_sentence(kind, settings, message):
    with pytest.raises(BadConfig) as refused:
        recipe(demonstrations(), kind, merged(SETTINGS[kind], settings), 2)
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_a_network_that_does_not_fit_the_horizon_is_refused():
    with pytest.raises(BadConfig, match="predicted_steps must divide by 4"):
        make(denoiser={"kind": "unet"}, horizon={"predicted_steps": 10})


def test_an_unknown_policy_is_refused():
    with pytest.raises(UnknownName, match=r"no policy named 'wishing'\. Known: carp, diffusion"):
        recipe(demonstrations(), "wishing", {}, 2)


def test_too_few_episodes_are_refused():
    with pytest.raises(BadValue, match="number of episodes"):
        recipe(demonstrations(), "diffusion", {}, 8)


def test_settings_lie_over_our_own_and_another_kind_replaces_them():
    ours = {"a": {"kind": "x", "size": 1, "depth": 2}, "b": 3}
    assert merged(ours, {"a": {"size": 5}}) == {"a": {"kind": "x", "size": 5, "depth": 2}, "b": 3}
    assert merged(ours, {"a": {"kind": "x", "size": 5}})["a"]["depth"] == 2
    assert merged(ours, {"a": {"kind": "y"}}) == {"a": {"kind": "y"}, "b": 3}
