"""Which runtime computes a policy, and on which device."""

from dataclasses import dataclass
from importlib.util import find_spec

import torch

from handiwork.errors import BadValue, UnknownName

AUTO, EAGER, OPENVINO, CUDA_GRAPH = "auto", "eager", "openvino", "cuda_graph"
CHOICES = (AUTO, EAGER, OPENVINO, CUDA_GRAPH)


@dataclass(frozen=True)
class Choice:
    """A runtime that this machine has, and the device that it computes on."""

    runtime: str
    device: torch.device


def choose(runtime: str = AUTO, device: str = AUTO) -> Choice:
    """What is meant by a runtime and a device ("auto", "cpu", "cuda") on this machine.

    By "auto" a CUDA device is taken where there is one, with graphs; else OpenVINO where it is
    installed, else torch as it is.

    Raises:
        UnknownName: no such runtime or device.
        BadValue: this machine lacks it, or the runtime does not compute on the device.
    """
    if runtime not in CHOICES:
        raise UnknownName("runtime", runtime, CHOICES, "Say for example runtime=auto.")
    if device not in (AUTO, "cpu", "cuda"):
        raise UnknownName("device", device, (AUTO, "cpu", "cuda"), "Say for example device=auto.")
    place = torch.device(_device(runtime, device))
    if runtime == AUTO:
        return Choice(_best(place), place)
    only = {OPENVINO: "cpu", CUDA_GRAPH: "cuda"}.get(runtime, place.type)
    if place.type != only:
        raise BadValue("settings", "device", device, f"{only} for runtime={runtime}", "Leave it.")
    if runtime == OPENVINO and not has_openvino():
        raise BadValue(
            "settings", "runtime", runtime, "one that is installed", "Run `pip install openvino`."
        )
    return Choice(runtime, place)


def has_openvino() -> bool:
    """Whether OpenVINO is installed; it is not imported."""
    return find_spec("openvino") is not None


def _device(runtime: str, device: str) -> str:
    there = torch.cuda.is_available()
    wanted = "cuda" if runtime == CUDA_GRAPH and device == AUTO else device
    if wanted == "cuda" and not there:
        raise BadValue(
            "settings", "device", wanted, "one that torch finds", "Say for example runtime=auto."
        )
    if wanted == AUTO:
        return "cuda" if there and runtime != OPENVINO else "cpu"
    return wanted


def _best(device: torch.device) -> str:
    if device.type == "cuda":
        return CUDA_GRAPH
    return OPENVINO if has_openvino() else EAGER
