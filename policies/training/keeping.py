"""The checkpoints that a training leaves: the last, and the best of those that were tried."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from policies.checkpoint import MANIFEST, read_manifest, save_checkpoint
from policies.generator import ActionGenerator
from policies.spec import PolicySpec

BEST = "best"  # folder inside that of the training


# Tries a policy at its task; the mean score over some episodes, higher is better.
Trial: TypeAlias = Callable[[ActionGenerator, PolicySpec], float]


class Keeper:
    """Writes checkpoints with the figures of their training."""

    def __init__(self, folder: Path, spec: PolicySpec, facts: dict[str, Any]) -> None:
        """facts: of the training, the same in all checkpoints."""
        self._folder, self._spec, self._facts = folder, spec, facts

    @property
    def best(self) -> dict[str, Any] | None:
        """The best checkpoint so far, its step and score; None before the first was tried."""
        folder = self._folder / BEST
        if not (folder / MANIFEST).is_file():
            return None
        figures = read_manifest(folder)["training"]
        told = {name: figures[name] for name in ("step", "rollout_score")}
        return {"checkpoint": str(folder), **told}

    def keep(self, policy: ActionGenerator, figures: dict[str, Any]) -> None:
        """As the last one."""
        save_checkpoint(self._folder, policy, self._spec, self._facts | figures)

    def try_out(self, policy: ActionGenerator, trial: Trial, figures: dict[str, Any]) -> float:
        """Keep it also as the best one where it is better than all before; returns its score."""
        score = trial(policy, self._spec)
        best = self.best
        if best is None or score > best["rollout_score"]:
            facts = self._facts | figures | {"rollout_score": score}
            save_checkpoint(self._folder / BEST, policy, self._spec, facts)
        return score
