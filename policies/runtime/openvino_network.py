"""A network that OpenVINO computes on the CPU, in the place of its torch module.

Full precision is said outright: the default is half precision where the CPU has it, which changes
actions by more than their size, as the error of one step of sampling is the input of the next.

Fused code ("snippets") makes a network up to 1.4 times faster, but OpenVINO 2026.4 ends the process
while it compiles some networks with it, always the same ones. So each network is tried in another
process once, when it is exported. A network for one observation is compiled for just that, up to
twice as fast as for any batch.
"""

import logging
from collections.abc import Mapping
from functools import cache as once
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import torch
from torch import Tensor

from handiwork.errors import BadValue
from policies.fusing.compiled import compiled
from policies.fusing.trial import survives
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
        if agree(kept.answer, wanted) and network.error(inputs, wanted) is None:
            return network
        log.warning("The export %s is of another network and is made anew.", place)
    model, weights = export_network(kernel)
    export = Export(model=model, weights=weights, answer=wanted, fuses=survives(model, weights))
    network = OpenVinoNetwork(export, threads)
    error = network.error(inputs, wanted)
    if error is not None:
        where, want = f"network {kernel.name}", "0 but for rounding"
        raise BadValue(where, "error under OpenVINO", error, want, "Say runtime=eager.")
    if place:
        write_export(place, export, made_of)
    return network


class OpenVinoNetwork:
    """Called as the module that it was made of; not by two threads at a time."""

    def __init__(self, export: Export, threads: int) -> None:
        model = _core().read_model(export.model, export.weights)
        self._many, self._one = compiled(_core(), model, export.fuses, threads)

    def __call__(self, *inputs: Tensor) -> Tensor:
        """Tensors on the CPU in, a new tensor out."""
        arrays = [item.contiguous().numpy() for item in inputs]
        request = self._one if len(arrays[0]) == 1 else self._many
        return torch.from_numpy(request.infer(arrays, share_inputs=True)[0])

    def error(self, inputs: tuple[Tensor, ...], wanted: np.ndarray) -> float | None:
        """The largest, for all the rows together and for the first alone; None: but rounding."""
        for rows in (slice(None), slice(1)):
            got = self(*(item[rows] for item in inputs)).numpy()
            if not agree(got, wanted[rows]):
                return float(abs(got - wanted[rows]).max())
        return None


@once
def _core() -> openvino.Core:
    """One for the whole process; each has threads of its own."""
    return openvino.Core()
