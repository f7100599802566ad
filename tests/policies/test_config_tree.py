"""Configs from trees: the same config comes back, and what does not fit is named by its place."""

import dataclasses

import pytest

from policies.config_tree import BadConfig, from_tree
from policies.denoisers import TransformerConfig
from policies.diffusion import DiffusionConfig
from policies.encoders import StateConfig
from policies.generator import InterfaceConfig

CONFIG = DiffusionConfig(
    interface=InterfaceConfig(
        state_size=3,
        relative_to=(0, -1),
        encoder=StateConfig(state_size=3, pairs=((0, 1),), scales=(1,), waves=(0.5,)),
    ),
    denoiser=TransformerConfig(width=8, heads=2),
)


def test_a_config_comes_back_from_its_tree():
    assert from_tree(DiffusionConfig, dataclasses.asdict(CONFIG)) == CONFIG


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("denoiser.kind", "unit", "config.denoiser.kind: got 'unit', want one of mlp, transformer"),
        ("denoiser.widht", 3, "config.denoiser.widht: unknown, want one of"),
        ("denoiser.width", "3", "config.denoiser.width: got '3', want int"),
        ("denoiser.width", True, "config.denoiser.width: got True, want int"),
        ("prediction", "noise", "config.prediction: got 'noise', want one of"),
        ("sampler", 5, "config.sampler: got 5, want settings of SamplerConfig"),
        ("interface.relative_to", 5, "config.interface.relative_to: got 5, want a list"),
        ("interface.relative_to", [0, 9], "relative_to must index 3 numbers"),
        ("interface.encoder.pairs", [[0]], r"pairs\[0\]: got 1 items, want 2"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(path: str, value: object, complaint: str):
    tree = dataclasses.asdict(CONFIG)
    *parents, last = path.split(".")
    node = tree
    for name in parents:
        node = node[name]
    node[last] = value
    with pytest.raises(BadConfig, match=complaint):
        from_tree(DiffusionConfig, tree)


def test_a_missing_setting_is_named():
    tree = dataclasses.asdict(CONFIG)
    del tree["interface"]["state_size"]
    with pytest.raises(BadConfig, match=r"config\.interface\.state_size: missing"):
        from_tree(DiffusionConfig, tree)
