"""Two processes that share a batch learn what one learns from the whole of it."""

import os
import subprocess
import sys
from pathlib import Path

from safetensors.torch import load_file

from tests.policies.training.learns_together import KINDS, learn

ROOT = Path(__file__).resolve().parents[3]
LAUNCH = (
    *("-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"),
    *("--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no"),
    *("--main_process_port", "0", "-m", "tests.policies.training.learns_together"),
)
# Of weights that a step may move by 1e-3: Adam divides by the gradient's size, rounding included.
TOLERANCE = 1e-4
# A softmax forgets what is added to all its inputs, so the gradient is rounding and nothing else.
NO_EFFECT = "maps.bias"


def test_two_processes_learn_what_one_does(tmp_path: Path):
    alone, together = tmp_path / "alone", tmp_path / "together"
    together.mkdir()
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, *LAUNCH, str(together)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as launched:
        alone.mkdir()
        learn(alone)
        output, _ = launched.communicate(timeout=200)
    assert launched.returncode == 0, output
    for kind, obs in KINDS:
        one, two = (load_file(folder / f"{kind}_{obs}.safetensors") for folder in (alone, together))
        assert (one.pop("processes"), two.pop("processes")) == (1, 2)
        for name in one:
            if name.endswith(NO_EFFECT):
                continue
            apart = (two[name] - one[name]).abs().max().item()
            assert apart <= TOLERANCE, f"{kind} from {obs}: {name} is {apart:.1e} apart"
