"""Times as the rows and ratios of the comparison."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from handiwork_app.bench.contestants import ARGMAX, CARP, DDIM_10, DDPM_100, DIFFUSION, STREAMING
from handiwork_app.bench.peer import LEROBOT
from policies.runtime import Choice

Row = dict[str, Any]
EAGER = "eager"


def timed(row: Row, seconds: Sequence[float], executed: int) -> Row:
    """The row with what the times of its calls say; rates are of the median call."""
    milliseconds = np.array(seconds) * 1e3
    median = float(np.median(milliseconds))
    return row | {
        "latency_p50_ms": median,
        "latency_p95_ms": float(np.percentile(milliseconds, 95)),
        "executed_actions_per_chunk": executed,
        "actions_per_s": executed / median * 1e3,
        "repetitions": len(seconds),
    }


def ratios(rows: Sequence[Row], choice: Choice) -> dict[str, float]:
    """How many times faster, per executed action, on one device; names of others than the CPU's
    end with the device.

    choice: the compiled runtime that the first ratios are of, and the device.
    """
    runtime, device = choice.runtime, choice.device.type
    on = {"device": device, "weights": "random"}
    here = [row for row in rows if all(row[name] == value for name, value in on.items())]

    def rate(policy: str, sampler: str | None, by: str) -> float | None:
        return _rate(here, policy, sampler, by)

    pairs = {
        "streaming_vs_dp100": (
            rate(STREAMING, None, runtime),
            rate(DIFFUSION, DDPM_100, runtime),
        ),
        "carp_vs_dp100": (rate(CARP, ARGMAX, runtime), rate(DIFFUSION, DDPM_100, runtime)),
        "runtime_vs_eager": (rate(DIFFUSION, DDIM_10, runtime), rate(DIFFUSION, DDIM_10, EAGER)),
        "streaming_vs_dp100_eager": (
            rate(STREAMING, None, EAGER),
            rate(DIFFUSION, DDPM_100, EAGER),
        ),
        "carp_vs_dp100_eager": (rate(CARP, ARGMAX, EAGER), rate(DIFFUSION, DDPM_100, EAGER)),
        "runtime_vs_lerobot_dp10": (
            rate(DIFFUSION, DDIM_10, runtime),
            rate(LEROBOT, DDIM_10, EAGER),
        ),
        "eager_vs_lerobot_dp10": (
            rate(DIFFUSION, DDIM_10, EAGER),
            rate(LEROBOT, DDIM_10, EAGER),
        ),
    }
    end = "" if device == "cpu" else f"_{device}"
    return {
        f"{name}{end}": ours / theirs for name, (ours, theirs) in pairs.items() if ours and theirs
    }


def _rate(rows: Iterable[Row], policy: str, sampler: str | None, runtime: str) -> float | None:
    for row in rows:
        if (row["policy"], row["runtime"]) == (policy, runtime) and sampler in (
            None,
            row["sampler"],
        ):
            return row["actions_per_s"]
    return None
