"""A torch module in OpenVINO's form, as bytes.

OpenVINO's own converter tells its makers about every conversion, so its front end is called here.
The bytes go through files because a model that is still in memory reads the module's own tensors,
which may go first.
"""

import hashlib
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openvino
import torch
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.fx_decoder import TorchFXPythonDecoder

from policies.generator import Kernel

VERSION = 2  # of this file's way to export; rises when it changes
EXAMPLE_BATCH = 2  # torch takes a batch of 1 for a fixed one


def export_network(kernel: Kernel) -> tuple[bytes, bytes]:
    """The model and its weights, for batches of any size."""
    inputs = tuple(torch.cat([item] * EXAMPLE_BATCH) for item in kernel.example)
    shapes = torch.export.ShapesCollection()
    for item in inputs:
        shapes[item] = {0: torch.export.Dim("batch")}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of torch about its own parts
        program = torch.export.export(
            kernel.module, inputs, dynamic_shapes=shapes.dynamic_shapes(kernel.module, inputs)
        )
        with _hushed():
            decoder = TorchFXPythonDecoder.from_exported_program(program)
    frontend = FrontEndManager().load_by_framework("pytorch")
    model = frontend.convert(frontend.load(decoder))
    model.reshape(
        {
            own: openvino.PartialShape([-1, *item.shape[1:]])
            for own, item in zip(model.inputs, inputs, strict=True)
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.xml")
        openvino.save_model(model, path, compress_to_fp16=False)
        return path.read_bytes(), path.with_suffix(".bin").read_bytes()


def identity(kernel: Kernel, config: Mapping[str, Any]) -> dict[str, Any]:
    """All that an export depends on but the code of its module, which the probe checks."""
    return {
        "export": VERSION,
        "openvino": openvino.__version__,
        "torch": torch.__version__,
        "kernel": kernel.name,
        "config": dict(config),
        "example": [[str(item.dtype), *item.shape[1:]] for item in kernel.example],
        "weights": _digest(kernel.module),
    }


def name_of(made_of: Mapping[str, Any]) -> str:
    """A folder's name: digest of what an export was made of."""
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]


@contextmanager
def _hushed() -> Iterator[None]:
    """Without OpenVINO's tracebacks about operations that newer versions of torch do not have."""

    def worth_telling(record: logging.LogRecord) -> bool:
        return "not found in decomp table" not in record.getMessage()

    root = logging.getLogger()
    root.addFilter(worth_telling)
    try:
        yield
    finally:
        root.removeFilter(worth_telling)


def _digest(module: torch.nn.Module) -> str:
    """Of all numbers of a module, also of those that its checkpoint leaves out."""
    digest = hashlib.sha256()
    for name, values in (*module.named_parameters(), *module.named_buffers()):
        digest.update(f"{name} {values.dtype} {tuple(values.shape)}".encode())
        digest.update(values.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()
