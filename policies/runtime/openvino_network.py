"""A network that OpenVINO computes on the CPU, in full precision.

Its default is half precision where the CPU has it, which changes actions by more than their size:
the error of one step of sampling is the input of the next.
"""

import logging
from collections.abc import Mapping
from functools import cache as once
from pathlib import Path
from typing import Any

import openvino
import torch
from torch import Tensor

from handiwork.errors import BadValue
from policies.generator import Kernel
from policies.runtime.export_cache import Export, read_export, write_export
from policies.runtime.openvino_export import export_network, identity, name_of
from policies.runtime.probe import agree, answer, probe

log = logging.getLogger(__name__)


def openvino_network(
    kernel: Kernel, config: Mapping[str, Any], cache: Path | None, threads: int
) -> "OpenVinoNetwork":
    """The network as it was exported before, or as it is exported now.

    Raises:
        BadValue: OpenVINO computes something else than the module.
    """
    inputs = probe(kernel)
    wanted = answer(kernel, inputs)
    made_of = identity(kernel, config)
    place = cache / name_of(made_of) if cache else None
    kept = read_export(place) if place else None
    if kept is not None:
        network = OpenVinoNetwork(kept, threads)
        if agree(kept.answer, wanted) and agree(network(*inputs).numpy(), wanted):
            return network
        log.warning("The export %s is of another network and is made anew.", place)
    model, weights = export_network(kernel)
    export = Export(model=model, weights=weights, answer=wanted)
    network = OpenVinoNetwork(export, threads)
    if not agree(network(*inputs).numpy(), wanted):
        off = float(abs(network(*inputs).numpy() - wanted).max())
        want = "0 but for rounding"
        raise BadValue(
            f"network {kernel.name}", "error under OpenVINO", off, want, "Say runtime=eager."
        )
    if place:
        write_export(place, export, made_of)
    return network


class OpenVinoNetwork:
    """Called as the module that it was made of; not by two threads at a time."""

    def __init__(self, export: Export, threads: int) -> None:
        core = _core()
        settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY",
        }
        if threads:
            settings["INFERENCE_NUM_THREADS"] = threads
        model = core.read_model(export.model, export.weights)
        self._request = core.compile_model(model, "CPU", settings).create_infer_request()

    def __call__(self, *inputs: Tensor) -> Tensor:
        """Tensors on the CPU in, a new tensor out."""
        arrays = [item.contiguous().numpy() for item in inputs]
        return torch.from_numpy(self._request.infer(arrays, share_inputs=True)[0])


@once
def _core() -> openvino.Core:
    """One for the whole process; each has threads of its own."""
    return openvino.Core()
