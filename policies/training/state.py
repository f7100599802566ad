"""The state of a training run on disk, as safetensors: all it takes to go on unnoticed."""

from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from handiwork.errors import BadValue
from policies.ema import MovingAverage


def write_state(
    path: Path,
    policy: nn.Module,
    average: MovingAverage,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
    step: int,
) -> None:
    """Write everything that the next step depends on; the file is replaced as a whole."""
    tensors: dict[str, Tensor] = {"generator": generator.get_state()}
    tensors |= {f"policy.{name}": value for name, value in policy.state_dict().items()}
    tensors |= {f"average.{name}": value for name, value in average.module.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in state.items()}
    tensors["step"] = torch.tensor(step)
    tensors["average_updates"] = torch.tensor(average.updates)
    beside = path.with_suffix(".part")
    safetensors.torch.save_file(tensors, beside)
    beside.replace(path)


def read_state(
    path: Path,
    policy: nn.Module,
    average: MovingAverage,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
) -> int:
    """Put a run back where `write_state` left it; returns its step.

    Raises:
        BadValue: the file does not hold the state of this very policy.
    """
    try:
        tensors = safetensors.torch.load_file(path)
        policy.load_state_dict(_part(tensors, "policy."))
        average.module.load_state_dict(_part(tensors, "average."))
        average.updates = int(tensors["average_updates"])
        generator.set_state(tensors["generator"])
        step = int(tensors["step"])
    except (OSError, KeyError, RuntimeError, safetensors.SafetensorError) as error:
        raise BadValue(
            str(path),
            "content",
            str(error).strip(),
            "the state of this policy's training",
            "Give another output folder, or delete the file to train from the start.",
        ) from error
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in _part(tensors, "optimiser.").items():
        index, name = key.split(".", 1)
        states.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": states})
    return step


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
