"""How a network is compiled for the CPU: for any batch, and for one observation.

Imports nothing but OpenVINO: the process that only tries it must start soon.
"""

from typing import Any

import openvino

SETTINGS: dict[str, Any] = {
    "INFERENCE_PRECISION_HINT": "f32",
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": False,  # a pinned thread waits for whatever real-time thread has its core
}


def compiled(
    core: openvino.Core, model: openvino.Model, fused: bool, threads: int
) -> tuple[openvino.InferRequest, openvino.InferRequest]:
    """Requests for any batch and for a batch of 1; the model is left with the latter's shape.

    threads: 0 for as many as OpenVINO likes.
    """
    settings = SETTINGS | {"SNIPPETS_MODE": "ENABLE" if fused else "DISABLE"}
    if threads:
        settings["INFERENCE_NUM_THREADS"] = threads
    many = core.compile_model(model, "CPU", settings).create_infer_request()
    model.reshape({item: [1, *list(item.partial_shape)[1:]] for item in model.inputs})
    return many, core.compile_model(model, "CPU", settings).create_infer_request()
