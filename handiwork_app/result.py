"""What a command answers with `--json`: one object that says what was done, where, how long."""

import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer of a command. error: one sentence, where it did not do what it says."""

    command: str
    seed: int | None
    duration_s: float
    figures: Mapping[str, Any]
    error: str | None = None

    def as_object(self) -> dict[str, Any]:
        """One flat JSON object; the figures stand beside the envelope."""
        envelope = {
            "command": self.command,
            "version": version("handiwork"),
            "machine": machine(),
            "seed": self.seed,
            "duration_s": round(self.duration_s, 3),
        }
        if self.error is not None:
            envelope["error"] = self.error
        return envelope | dict(self.figures)


def write_json(content: Mapping[str, Any], where: str) -> None:
    """To a file, whole or not at all; or as the last line of stdout where `where` is "-"."""
    if where == "-":
        sys.stdout.write(json.dumps(content, allow_nan=False) + "\n")
        sys.stdout.flush()
        return
    path = Path(where)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    beside.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")
    beside.replace(path)


def machine() -> dict[str, Any]:
    """The machine that the figures come from."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "torch": version("torch"),
        **_gpu(),
    }


def _gpu() -> dict[str, str]:
    """Its name, where a command that has loaded torch could have computed on one."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return {}
    return {"gpu": torch.cuda.get_device_name()}


def version(package: str) -> str | None:
    """The installed version of a package, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()
