"""Words of the command line -> settings. Hydra is used here, and by `handiwork_app.sweep` for many
at once.
"""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from importlib import resources
from typing import Any, get_type_hints

from handiwork.errors import UnknownName
from handiwork_app.settings import BadSetting, Config, PolicyConfig

TYPE_NAMES = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
GROUPS = ("app", "task", "robot", "policy")


def choices(group: str) -> tuple[str, ...]:
    """What a group offers, for example ("diffusion",) for "policy"."""
    files = (resources.files("handiwork_app") / "conf" / group).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".yaml")))


def load_config(overrides: Sequence[str]) -> Config:
    """Settings from words such as `task=push_t`, `episodes=20` or `nodes.sim.camera_rate=15`.

    Raises:
        UnknownName: a setting or a choice that does not exist; the message lists what does.
        BadSetting: a word that is not `name=value`, or a value of the wrong type.
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    words = as_hydra_words(overrides)
    try:
        with initialize_config_module("handiwork_app.conf", version_base="1.3"):
            composed = hydra_compose("stack", words)
        return from_hydra(composed)
    except (HydraException, OmegaConfBaseException) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise BadSetting(
            f"cannot read the settings {' '.join(overrides)!r}: {reason}. Put quotes around a "
            "value with special characters, as in \"data='my file'\"."
        ) from error


def from_hydra(composed: Any) -> Config:
    """Settings from what Hydra put together."""
    from omegaconf import OmegaConf

    return _build(Config, OmegaConf.to_container(composed, resolve=True), "")


def as_hydra_words(overrides: Sequence[str]) -> list[str]:
    """Words of the command line as Hydra wants them; a sweep may have policy=diffusion,carp."""
    return [_checked(word) for word in overrides]


def _checked(word: str) -> str:
    """The word as Hydra wants it. Groups are chosen; all else is added, as dataclasses own it."""
    match = re.fullmatch(r"([A-Za-z_][\w.]*)=(.*)", word, re.DOTALL)
    if match is None:
        raise BadSetting(f"setting {word!r} is not of the form name=value. Say for example seed=1.")
    name, value = match.groups()
    if name not in GROUPS:
        return f"++{word}"
    known = choices(name)
    for choice in value.split(","):
        if choice not in known:
            raise UnknownName(name, choice, known, f"Say for example {name}={known[0]}.")
    return word


def _build(kind: type, values: Any, where: str) -> Any:
    """A dataclass from a plain mapping; every name known, every value of the declared type."""
    if not isinstance(values, dict):
        raise BadSetting(f"{where[:-1]} is {values!r}, want settings {where}name=value.")
    types = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    for name in values:
        if name not in known:
            listed = [where + item for item in known]
            raise UnknownName("setting", where + name, listed, "Check the spelling.")
    return kind(**{name: _value(types[name], item, where + name) for name, item in values.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if kind is PolicyConfig and isinstance(value, dict):
        # The networks' own config says which settings there are, when a training builds them.
        settings = {name: item for name, item in value.items() if name != "name"}
        return PolicyConfig(name=value["name"], settings=settings)
    if is_dataclass(kind):
        return _build(kind, value, where + ".")  # type: ignore[arg-type]
    if kind is float and type(value) is int:
        return float(value)
    if kind is str and type(value) in (int, float):
        return str(value)  # a folder may be called 1
    if kind in (bool, int, float, str) and type(value) is not kind:
        raise BadSetting(f"{where} is {value!r}, want {TYPE_NAMES[kind.__name__]}.")
    return value
