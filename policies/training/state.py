"""The state of a training on disk, as safetensors: all it takes to go on unnoticed.

What is drawn at a step follows from the seed and the step, so no generator's state is kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from handiwork.errors import BadValue
from policies.ema import MovingAverage
from policies.generator import ActionGenerator

STATE = "training_state.safetensors"
START_ANEW = "Give another folder, or delete this one to train from the start."


@dataclass
class TrainingState:
    """What a step of training changes.

    identity: settings, data and sizes; only a training of the same ones goes on from this state.
    last: figures of the last report.
    """

    policy: ActionGenerator
    average: MovingAverage[ActionGenerator]
    optimiser: torch.optim.Optimizer
    identity: Mapping[str, Any]
    step: int
    last: Mapping[str, float]


def write_state(path: Path, state: TrainingState) -> None:
    """The file is replaced as a whole, so that a killed training leaves the old one or the new."""
    tensors = {f"policy.{name}": value for name, value in state.policy.state_dict().items()}
    averages = state.average.module.state_dict()
    tensors |= {f"average.{name}": value for name, value in averages.items()}
    for index, values in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in values.items()}
    words = {
        "identity": json.dumps(state.identity),
        "last": json.dumps(state.last),
        "step": str(state.step),
        "average_updates": str(state.average.updates),
    }
    beside = path.with_suffix(".part")
    safetensors.torch.save_file(
        {name: value.contiguous() for name, value in tensors.items()}, beside, words
    )
    beside.replace(path)


def read_words(path: Path) -> tuple[Mapping[str, Any], int, Mapping[str, float]]:
    """Identity, step and last figures of a saved state.

    Raises:
        BadValue: the file does not hold the state of a training.
    """
    try:
        with safetensors.safe_open(path, "pt") as file:
            words = file.metadata() or {}
        return json.loads(words["identity"]), int(words["step"]), json.loads(words["last"])
    except (OSError, KeyError, ValueError, safetensors.SafetensorError) as error:
        raise _damaged(path, error) from error


def read_networks(
    path: Path, policy: ActionGenerator, average: MovingAverage[ActionGenerator]
) -> None:
    """Put the weights, and those averaged, back where they were.

    Raises:
        BadValue: the file does not hold the state of this very policy.
    """
    try:
        with safetensors.safe_open(path, "pt") as file:
            average.updates = int(file.metadata()["average_updates"])
        tensors = safetensors.torch.load_file(path)
        policy.load_state_dict(_part(tensors, "policy."))
        average.module.load_state_dict(_part(tensors, "average."))
    except (OSError, KeyError, RuntimeError, safetensors.SafetensorError) as error:
        raise _damaged(path, error) from error


def read_optimiser(path: Path, optimiser: torch.optim.Optimizer) -> None:
    """Put the optimiser of the same stage back where it was."""
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in _part(safetensors.torch.load_file(path), "optimiser.").items():
        index, name = key.split(".", 1)
        states.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": states})


def _damaged(path: Path, error: Exception) -> BadValue:
    want = "the state of this policy's training"
    return BadValue(str(path), "content", str(error).strip(), want, START_ANEW)


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
