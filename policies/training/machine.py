"""Where a training runs: on which device, how exactly, and shared by how many processes."""

import torch
from accelerate import Accelerator

from handiwork.errors import BadValue
from policies.training.config import TrainingConfig

PRECISIONS = {"auto": None, "fp32": "no", "bf16": "bf16"}


def make_accelerator(config: TrainingConfig) -> Accelerator:
    """One process alone, or one of those that `accelerate launch` started.

    Raises:
        BadValue: the device is not there, or processes cannot share the batch evenly.
    """
    if config.device == "cuda" and not torch.cuda.is_available():
        want = "a device that this machine has"
        raise BadValue("training", "device", "cuda", want, "Say training.device=cpu.")
    if config.threads:
        torch.set_num_threads(config.threads)
    accelerator = Accelerator(
        cpu=config.device == "cpu" or not torch.cuda.is_available(),
        mixed_precision=PRECISIONS[config.precision],
    )
    processes = accelerator.num_processes
    if config.batch_size % processes:
        raise BadValue(
            "training",
            "batch_size",
            config.batch_size,
            f"a multiple of the {processes} processes",
            f"Say training.batch_size={max(config.batch_size // processes, 1) * processes}.",
        )
    return accelerator
