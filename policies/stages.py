"""Parts of a training, one after the other: which modules learn, in how many of the steps.

An encoder may have parts that are taught before all else, by labels of the data; from then on they
stay as they are, and what they find in the data is looked up instead of computed again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from torch import Tensor

from policies.observed import Observed

ENCODER = "encoder"  # the stage in which parts of the encoder are taught


@dataclass(frozen=True)
class Stage:
    """A part of the training with its own share of the steps, and the modules that learn in it.

    fixed: parts of these modules that have learned before. one_in: of so many samples of a batch
    one is taken, where a sample costs as much more than in other stages.
    """

    name: str
    modules: tuple[str, ...]
    share: float = 1.0
    fixed: tuple[str, ...] = ()
    one_in: int = 1


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What an encoder is taught first.

    parts: names of its submodules that learn. pictures: the observation that they look at.
    labels: the array of the data that says what is right.
    share: of the steps, where all other stages together have 1. one_in: as in `Stage`.
    loss: of pictures (B, ...) and labels (B, ...). find: what is found in pictures, (B, ...).
    told: the encoder's features (B, F) of an observation with `found` in the place of pictures.
    """

    parts: tuple[str, ...]
    pictures: str
    labels: str
    share: float
    one_in: int
    loss: Callable[[Tensor, Tensor], Tensor]
    find: Callable[[Tensor], Tensor]
    told: Callable[[Observed], Tensor]


class Taught(Protocol):
    """An encoder, as far as its teaching goes."""

    @property
    def lesson(self) -> Lesson | None:
        """What it is taught first; None where nothing is."""
        ...


def with_lesson(stages: Sequence[Stage], encoder: Taught) -> tuple[Stage, ...]:
    """A generator's own stages, after that of its encoder's lesson where it has one."""
    lesson = encoder.lesson
    if lesson is None:
        return tuple(stages)
    parts = tuple(f"encoder.{part}" for part in lesson.parts)
    first = Stage(ENCODER, parts, lesson.share, one_in=lesson.one_in)
    return first, *(replace(stage, fixed=parts) for stage in stages)
