"""The acting side of a policy: numpy in the data's units in, action chunks out, repeatable by seed.

Shapes: B environments, O observed steps, D state size, H predicted steps, A action size, R
committed rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from handiwork.errors import BadValue, WrongShape
from policies.generator import ActionGenerator, Compute, Request, eager
from policies.observed import as_tensors
from policies.spec import PolicySpec
from policies.windows import Horizon


@dataclass
class ActingPolicy:
    """A trained policy with its noise and, per stream of chunks, what it remembers.

    A stream is what follows one episode: an environment, or one candidate of several.
    compute: the policy's networks, as they are or compiled by a runtime.
    """

    policy: ActionGenerator
    spec: PolicySpec
    compute: Compute | None = None
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    generator: torch.Generator = field(default_factory=lambda: torch.Generator().manual_seed(0))

    def __post_init__(self) -> None:
        self.policy.eval().requires_grad_(False).to(self.device)
        self._compute = self.compute or eager(self.policy)
        self._memories: dict[int, Any] = {}

    @property
    def horizon(self) -> Horizon:
        """How many steps it observes, predicts and executes."""
        return self.policy.interface.horizon

    def reset(self, seed: int = 0) -> None:
        """Begin an episode: the same seed and observations give the same chunks again."""
        self.generator.manual_seed(seed)
        self._memories.clear()

    def forget(self, stream: int) -> None:
        """Begin one stream anew: its episode began, or its robot was stopped or moved by others."""
        self._memories.pop(stream, None)

    def propose(
        self,
        observation: Mapping[str, np.ndarray],
        count: int = 1,
        committed: np.ndarray | None = None,
    ) -> np.ndarray:
        """`count` candidates for one observation (O, ...) -> (count, H, A).

        committed: (R, A) rows from "now" on that will be executed whatever is answered.
        """
        batch = {name: array[None] for name, array in observation.items()}
        return self._propose(batch, range(count), committed)

    def propose_batch(
        self, observations: Mapping[str, np.ndarray], streams: Sequence[int] | None = None
    ) -> np.ndarray:
        """One chunk for each of B environments: (B, O, ...) -> (B, H, A), data's units.

        streams: a number for each environment, the same at its every call; 0 to B - 1 unless given.

        Raises:
            WrongShape: the observation has another size than the policy was trained on.
            BadValue: the observation lacks a part or is not finite.
        """
        count = len(observations["state"])
        return self._propose(observations, streams or range(count), None)

    @torch.inference_mode()
    def _propose(
        self,
        observations: Mapping[str, np.ndarray],
        streams: Sequence[int],
        committed: np.ndarray | None,
    ) -> np.ndarray:
        self._check(observations)
        observed = as_tensors(observations, self.device)
        features = self.policy.encode(observed, self._compute)  # once, also for many candidates
        repeats = len(streams) // len(features)
        rows = self._checked(committed)
        request = Request(
            features=features.repeat(repeats, 1),
            state=observed["state"].repeat(repeats, 1, 1),
            committed=torch.as_tensor(rows, dtype=torch.float32, device=self.device).expand(
                len(streams), -1, -1
            ),
            generator=self.generator,
        )
        memories = [self._memories.get(stream) for stream in streams]
        chunks, memories = self.policy.sample(request, self._compute, memories)
        self._memories.update(zip(streams, memories, strict=True))
        return chunks.cpu().numpy()

    def _checked(self, committed: np.ndarray | None) -> np.ndarray:
        """The committed rows (R, A); none are as good as no array."""
        size = self.policy.interface.action_size
        if committed is None or not len(committed):
            return np.zeros((0, size))
        if committed.ndim != 2 or committed.shape[1] != size:
            raise WrongShape("committed", committed.shape, f"(R, {size})")
        if not np.isfinite(committed).all():
            fix = "Check what the executor has been sent."
            raise BadValue("committed", "rows", "not finite", "finite numbers", fix)
        return committed

    def _check(self, observations: Mapping[str, np.ndarray]) -> None:
        for name, example in zip(
            self.policy.encoder.inputs, self.policy.encoder.example(1), strict=True
        ):
            if name not in observations:
                raise BadValue("observation", name, "missing", "an array", "Check the perception.")
            got, want = observations[name].shape[1:], tuple(example.shape[1:])
            if got != want:
                raise WrongShape(f"observation {name}", got, str(want))
            if not np.isfinite(observations[name]).all():
                raise BadValue(
                    "observation", name, "not finite", "finite numbers", "Check the perception."
                )
