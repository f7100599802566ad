"""What to learn from demonstrations: the generator, its sizes and scales, for each task and sight.

The settings of a user come last; all that they leave out is chosen here.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.errors import UnknownName
from policies.config_tree import BadConfig, from_tree
from policies.generator import ActionGenerator, chunk_normaliser
from policies.kinds import KINDS
from policies.normaliser import Normaliser
from policies.training.sights import encoder_settings, relative_to
from policies.training.window_data import split
from policies.windows import Horizon

# Choices that a user's settings may refine without saying their kind again.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "diffusion": {"denoiser": {"kind": "mlp"}},
    # A plan of two chunks ahead, beside the row before "now".
    "streaming": {"denoiser": {"kind": "mlp"}, "horizon": {"predicted_steps": 17}},
}


def recipe(
    data: Demonstrations, kind: str, settings: Mapping[str, Any], held_out: int
) -> ActionGenerator:
    """A generator ready to learn; its statistics are those of the episodes that it learns from.

    settings: a tree of the kind's config; `horizon` and `encoder` stand beside the rest.
    held_out: number of last episodes that are kept for validation.

    Raises:
        UnknownName: no such kind.
        BadConfig: a setting that is unknown or not allowed; names its place.
        BadValue: too few episodes.
    """
    if kind not in KINDS:
        raise UnknownName("policy", kind, KINDS, "Say for example policy=diffusion.")
    config_kind, policy_kind = KINDS[kind]
    config = from_tree(config_kind, _tree(data, kind, settings), "policy")
    horizon: Horizon = config.interface.horizon
    learned, _ = split(data, held_out, horizon, ())
    steps = learned.rows.max() + 1
    state = np.asarray(data.arrays["state"][:steps])
    rows = learned.rows
    actions = chunk_normaliser(
        state[rows[:, : horizon.observed_steps]],
        np.asarray(data.arrays["action"])[rows],
        config.interface.relative_to,
    )
    try:
        return policy_kind(config, Normaliser.of_range(state), actions)
    except ValueError as error:
        raise BadConfig(f"policy: {error}") from error


def _tree(data: Demonstrations, kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a whole config: ours, with the user's over them."""
    own = dict(DEFAULTS.get(kind, {}))
    interface = {
        "relative_to": relative_to(data),
        "state_size": len(data.state_names),
        "encoder": encoder_settings(data, _kind(settings.get("encoder"))),
        "horizon": own.pop("horizon", {}),
    }
    rest = dict(settings)
    given = {name: rest.pop(name) for name in ("encoder", "horizon") if name in rest}
    over = {"interface": given, **rest}
    return merged({**own, "interface": interface}, over)


def _kind(encoder: Any) -> str | None:
    """The kind of encoder that a user asks for; None where that is left to us."""
    return encoder.get("kind") if isinstance(encoder, Mapping) else None


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both trees, the second where both have a leaf; another `kind` drops what was there."""
    if "kind" in over and over["kind"] != under.get("kind"):
        return dict(over)
    result = dict(under)
    for name, item in over.items():
        below = under.get(name)
        if isinstance(item, Mapping) and isinstance(below, Mapping):
            item = merged(below, item)
        result[name] = item
    return result
