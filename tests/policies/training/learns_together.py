"""Trains tiny policies and writes their weights: alone, or as one of several processes.

accelerate launch --multi_gpu --num_processes 2 -m tests.policies.training.learns_together FOLDER
"""

import sys
from dataclasses import replace
from pathlib import Path

from safetensors.torch import save_file

from tests.policies.training.tiny import (
    CONFIG,
    SETTINGS,
    demonstrations,
    generator,
    trainer,
    windows_for,
)

KINDS = [(kind, "state") for kind in SETTINGS] + [("diffusion", "image")]
EYES = {"encoder": {"channels": [16], "keypoints": 2}}


def learn(folder: Path) -> None:
    """Every kind from the same data; the first process writes."""
    for kind, obs in KINDS:
        data = demonstrations(obs)
        policy = generator(kind, data, **(EYES if obs == "image" else {}))
        run = trainer(folder / "states", policy, replace(CONFIG, steps=6, threads=1))
        run.run(windows_for(policy, data)[0], None)
        if run._accelerator.is_main_process:
            content = dict(run.average.module.state_dict())
            content["processes"] = content["encoder.state.scale"].new_tensor(
                run._accelerator.num_processes
            )
            save_file(content, folder / f"{kind}_{obs}.safetensors")


if __name__ == "__main__":
    learn(Path(sys.argv[1]))
