"""Whether OpenVINO survives to compile a network with fused code: tried in a process of its own,
`python -m policies.fusing.trial model.xml`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import openvino

from policies.fusing.compiled import compiled

PATIENCE = 120.0  # [s]; a few are usual


def survives(model: bytes, weights: bytes) -> bool:
    """Compile it and ask it once, elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.xml")
        path.write_bytes(model)
        path.with_suffix(".bin").write_bytes(weights)
        command = [sys.executable, "-m", "policies.fusing.trial", str(path)]
        try:
            trial = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return False
    return trial.returncode == 0


def main() -> None:
    """Die of it, or not."""
    core = openvino.Core()
    for request in compiled(core, core.read_model(sys.argv[1]), fused=True, threads=1):
        for item in request.model_inputs:
            lengths = [1 if size.is_dynamic else size.get_length() for size in item.partial_shape]
            tensor = openvino.Tensor(item.element_type, openvino.Shape(lengths))
            request.set_tensor(item, tensor)
        request.infer()


if __name__ == "__main__":
    main()
