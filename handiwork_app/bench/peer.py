"""LeRobot's diffusion model as it is, in a process and an environment of its own."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import torch

from handiwork.errors import HandiworkError
from handiwork_app.bench.contestants import ACTIONS, STATE

LEROBOT = "lerobot_diffusion"
ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-peers/bin/python"
SCRIPT = ROOT / "peers/lerobot_diffusion.py"
OWN = 2  # of the state's numbers are the robot's own; LeRobot takes them apart from the world's


class PeerFailed(HandiworkError):
    """The peer's process ended, or said something else than an answer."""


def devices() -> list[str]:
    """What torch computes on here; the CPU first."""
    return ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@contextmanager
def start_peers(channels: tuple[int, ...], threads: int) -> Iterator[list["Peer"]]:
    """One on each device, of the sizes of our diffusion policy.

    Raises:
        PeerFailed: it is not installed, or ended instead.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(Peer.of_ours(channels, threads, device)) for device in devices()]


def conditions_of(peers: Sequence["Peer"]) -> dict[str, Any]:
    """What a reader must know of the peer: its versions, and where it is not as its makers mean."""
    if not peers:
        return {"peer": "none: `make bench-peers` installs it, measure.peers=true wants it"}
    return {"peer": {name: peers[0].facts[name] for name in ("versions", "deviations")}}


class Peer:
    """Asks the process, one question at a time."""

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        """Start it and wait until it is ready.

        Raises:
            PeerFailed: it is not installed, or ended instead.
        """
        if not PYTHON.exists():
            raise PeerFailed(f"{PYTHON} is missing. Run `make bench-peers`.")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(
            [str(PYTHON), str(SCRIPT), json.dumps(sizes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self.device = sizes["device"]
        self.facts = self._answer()  # parameters, versions, deviations

    @classmethod
    def of_ours(cls, channels: tuple[int, ...], threads: int, device: str) -> "Peer":
        """With the sizes of our diffusion policy."""
        sizes = {"channels": channels, "state": OWN, "environment": STATE - OWN, "actions": ACTIONS}
        return cls(sizes | {"threads": threads, "device": device})

    def __enter__(self) -> "Peer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def chunk(self, sampler: str, steps: int) -> float:
        """Seconds of a chunk by "ddpm" or "ddim" and so many steps."""
        return self.ask("chunk", sampler, steps)["seconds"]

    def train(self, batch_size: int, steps: int) -> list[float]:
        """Seconds of each of some steps of training."""
        return self.ask("train", batch_size, steps)["seconds"]

    def ask(self, *words: str | int) -> dict[str, Any]:
        """One question.

        Raises:
            PeerFailed: it ended instead of answering.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # its libraries print too
                return json.loads(line)
        status = self._process.wait(timeout=30)
        raise PeerFailed(
            f"LeRobot ended with status {status}. Make its environment again with `make "
            "bench-peers`, or say measure.peers=false."
        )
