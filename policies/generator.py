"""What all generators of action chunks share: what they see, how actions are written, how they act.

A generator is an `nn.Module` that learns by `loss` and acts by `sample`. Its networks are called
through `Compute`, one callable per kernel, so that a runtime can put a compiled one in the place of
the module; the arithmetic around them is the same everywhere.

Shapes: B batch, O observed steps, D state size, H predicted steps, A action size, F features, R
committed rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from handiwork.errors import WrongShape
from policies.action_codec import ABSOLUTE, ActionCodec
from policies.encoders import EncoderConfig, make_encoder
from policies.normaliser import Normaliser
from policies.observed import FOUND, Observed
from policies.stages import ENCODER, Stage, with_lesson
from policies.windows import Horizon

Compute: TypeAlias = Mapping[str, Callable[..., Tensor]]


@dataclass(frozen=True, kw_only=True)
class InterfaceConfig:
    """What goes into a generator and what comes out.

    relative_to: per action the number of the state that it is relative to; -1 for none.
    """

    relative_to: tuple[int, ...]
    encoder: EncoderConfig
    state_size: int
    horizon: Horizon = field(default_factory=Horizon)

    def __post_init__(self) -> None:
        if not all(ABSOLUTE <= index < self.state_size for index in self.relative_to):
            raise ValueError(
                f"relative_to must index {self.state_size} numbers or be -1, got {self.relative_to}"
            )

    @property
    def action_size(self) -> int:
        """A."""
        return len(self.relative_to)


@dataclass(frozen=True)
class Kernel:
    """A network that a runtime may compile: tensors in, one tensor out.

    example: inputs of the right types and shapes; the first dimension of each is a batch of 1 and
    may differ from call to call. passes: how often one call goes through the network.
    """

    name: str
    module: nn.Module
    example: tuple[Tensor, ...]
    passes: int = 1


@dataclass(frozen=True)
class Request:
    """What a chunk is asked for.

    features: (B, F) of the observation. state: (B, O, D) in the data's units.
    committed: (B, R, A) in the data's units, rows from "now" on that will be executed whatever is
    answered, since the robot moves while the chunk is computed; R may be 0.
    """

    features: Tensor
    state: Tensor
    committed: Tensor
    generator: torch.Generator  # on the CPU, so that all devices draw the same

    def noise(self, *shape: int) -> Tensor:
        """Standard normal numbers on the request's device."""
        return torch.randn(shape, generator=self.generator).to(self.features.device)


class ActionGenerator(nn.Module):
    """Base of the generators; observations and actions are in the data's units."""

    kind: ClassVar[str]
    own_stages: ClassVar[tuple[Stage, ...]]

    def __init__(self, interface: InterfaceConfig, state: Normaliser, actions: Normaliser) -> None:
        """state: of D numbers. actions: of (H, A) numbers, as `ActionCodec` takes them."""
        super().__init__()
        self.interface = interface
        self.encoder = make_encoder(interface.encoder, interface.horizon.observed_steps, state)
        self.codec = ActionCodec(interface.relative_to, actions)

    @property
    def config(self) -> Any:
        """The config dataclass that makes this generator again, with the statistics."""
        raise NotImplementedError

    def loss(
        self, observed: Observed, actions: Tensor, generator: torch.Generator, stage: str
    ) -> Tensor:
        """What a step of training lowers; actions (B, H, A). `generator` draws on the CPU."""
        raise NotImplementedError

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Of its training: what its encoder is taught first, then its own."""
        return with_lesson(self.own_stages, self.encoder)

    @property
    def studied(self) -> tuple[str, ...]:
        """Names of the arrays that a training needs: what is observed, and labels of lessons."""
        lesson = self.encoder.lesson
        return (*self.encoder.inputs, *((lesson.labels,) if lesson else ()))

    def stage_loss(
        self, observed: Observed, actions: Tensor, generator: torch.Generator, stage: str
    ) -> Tensor:
        """What a step of any stage lowers; the encoder's lesson is the same for all generators."""
        if stage == ENCODER and (lesson := self.encoder.lesson):
            return lesson.loss(observed[lesson.pictures][:, 0], observed[lesson.labels][:, 0])
        return self.loss(observed, actions, generator, stage)

    def begin_stage(self, stage: str, average: "ActionGenerator") -> None:
        """Get ready for a stage of the training, called before its first step.

        average: the moving average of this generator at the end of the stage before.
        """
        for name in next(item for item in self.stages if item.name == stage).fixed:
            self.get_submodule(name).load_state_dict(average.get_submodule(name).state_dict())

    def figures(self) -> Mapping[str, float]:
        """What is worth watching in a training beside its losses, by name."""
        return {}

    def kernels(self) -> tuple[Kernel, ...]:
        """The networks that act; one is named "encode"."""
        raise NotImplementedError

    def sample(
        self, request: Request, compute: Compute, memories: Sequence[Any]
    ) -> tuple[Tensor, Sequence[Any]]:
        """Chunks (B, H, A) in the data's units, and what to remember of each until its next call.

        memories: per chunk what the last call returned; None at the start of an episode.
        """
        raise NotImplementedError

    def encode(self, observed: Observed, compute: Compute | None = None) -> Tensor:
        """Features (B, F), by the module itself unless `compute` is given."""
        if FOUND in observed and (lesson := self.encoder.lesson):
            return lesson.told(observed)
        encoder = compute["encode"] if compute else self.encoder
        return encoder(*(observed[name] for name in self.encoder.inputs))

    def encoding(self) -> Kernel:
        """The encoder as a kernel."""
        return Kernel("encode", self.encoder, self.encoder.example(1))

    def clean_chunk(self, observed: Observed, actions: Tensor) -> Tensor:
        """The demonstrated chunk as the network writes it: (B, H, A) -> (B, H, A).

        Raises:
            WrongShape: another horizon or another number of actions.
        """
        want = (self.interface.horizon.predicted_steps, self.interface.action_size)
        if tuple(actions.shape[1:]) != want:
            raise WrongShape("actions", tuple(actions.shape), f"(B, {want[0]}, {want[1]})")
        return self.codec.encode(actions, self.codec.origin(observed["state"]))


def eager(policy: ActionGenerator) -> Compute:
    """The networks as they are."""
    return {kernel.name: kernel.module for kernel in policy.kernels()}


def chunk_normaliser(
    state: np.ndarray, actions: np.ndarray, relative_to: Sequence[int]
) -> Normaliser:
    """The scale of every row and action over windows: state (N, O, D), actions (N, H, A).

    Actions relative to the tool vary little in the first rows and much in the last, so each has its
    own scale, by its spread; absolute ones take their range.
    """
    index = np.array(relative_to)
    moves = index != ABSOLUTE
    origin = np.where(moves, state[:, -1:, np.maximum(index, 0)], 0.0)
    spread = Normaliser.of_spread(actions - origin)
    whole = Normaliser.of_range(actions.reshape(-1, actions.shape[-1]))
    absolute = torch.from_numpy(~moves)
    return Normaliser(
        torch.where(absolute, whole.scale, spread.scale).numpy(),
        torch.where(absolute, whole.offset, spread.offset).numpy(),
    )
