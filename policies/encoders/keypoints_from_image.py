"""Keypoints of a thing found in a picture, then told to the generator as if they had been measured.

A generator learns slowly from pictures and quickly from keypoints. So an eye is taught first to
find them, by what the data knows of the thing; what it finds is drawn towards the thing's rigid
shape, and the eye stays as it is while the generator learns from what it has found.

Shapes: B batch, O observed steps, D state size (the tool's x, y), P points, F features.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from policies.encoders.keypoint_eye import CELL, GROUP, KeypointEye
from policies.encoders.keypoints import KeypointConfig, KeypointEncoder
from policies.encoders.rigid_fit import rigid_fit
from policies.normaliser import Normaliser
from policies.observed import FOUND
from policies.stages import Lesson

IMAGE, OBJECTS = "image", "objects"
FINE = 0.04  # of half the picture's side: an error that counts as 1


@dataclass(frozen=True, kw_only=True)
class KeypointsFromImageConfig:
    """One camera that sees a plane from above, from the plane's origin on.

    keypoints: what is told of the points; those at the goal also say the thing's rigid shape.
    """

    keypoints: KeypointConfig
    plane: float  # side of the square that the picture shows, in the data's unit
    side: int  # of the picture [px]
    channels: tuple[int, int, int] = (16, 32, 64)  # at a half, a quarter and an eighth of it
    lesson_share: float = 0.08  # of the steps, where all that follows has 1
    lesson_one_in: int = 4  # of so many samples of a batch the eye learns from one
    kind: Literal["keypoints_from_image"] = "keypoints_from_image"

    def __post_init__(self) -> None:
        if self.side < 2 * CELL or self.side % (2 * CELL):
            raise ValueError(f"side must divide by {2 * CELL}, got {self.side}")
        if any(width < GROUP or width % GROUP for width in self.channels):
            raise ValueError(f"channels must divide by {GROUP}, got {self.channels}")
        if self.plane <= 0 or self.lesson_share <= 0 or self.lesson_one_in < 1:
            raise ValueError(f"plane, lesson_share and lesson_one_in must be > 0, got {self}")


class KeypointsFromImageEncoder(nn.Module):
    """Observed steps -> features for the generator."""

    inputs = ("state", IMAGE)

    def __init__(
        self, config: KeypointsFromImageConfig, observed_steps: int, state: Normaliser
    ) -> None:
        super().__init__()
        self.config = config
        numbers = len(config.keypoints.goal)
        self._observed_steps, self._state_size = observed_steps, len(state.scale)
        self._half = config.plane / 2
        self.eye = KeypointEye(config.side, config.channels, numbers // 2)
        whole = Normaliser.blank(numbers)
        whole.scale /= self._half
        whole.offset -= 1.0
        self.keypoints = KeypointEncoder(
            config.keypoints,
            observed_steps,
            Normaliser(
                torch.cat([whole.scale, state.scale]).numpy(),
                torch.cat([whole.offset, state.offset]).numpy(),
            ),
        )
        self.size = self.keypoints.size
        self.shape: Tensor
        shape = torch.tensor(config.keypoints.goal).reshape(-1, 2) / self._half
        self.register_buffer("shape", shape, persistent=False)

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        steps, side = self._observed_steps, self.config.side
        picture = torch.zeros(batch, steps, 1, side, side, 3, dtype=torch.uint8)
        return torch.zeros(batch, steps, self._state_size), picture

    def forward(self, state: Tensor, image: Tensor) -> Tensor:
        """State (B, O, D), image (B, O, 1, s, s, 3) uint8 -> (B, F)."""
        return self.told(state, self.find(image.flatten(0, 1)).unflatten(0, image.shape[:2]))

    @property
    def lesson(self) -> Lesson:
        """The eye learns to find the points."""
        return Lesson(
            parts=("eye",),
            pictures=IMAGE,
            labels=OBJECTS,
            share=self.config.lesson_share,
            one_in=self.config.lesson_one_in,
            loss=self.lesson_loss,
            find=self.find,
            told=lambda observed: self.told(observed["state"], observed[FOUND]),
        )

    def find(self, image: Tensor) -> Tensor:
        """Image (B, 1, s, s, 3) uint8 -> points (B, 2 P) in the data's unit."""
        _, places = self.eye(image[:, 0])
        return (rigid_fit(places, self.shape).flatten(1) + 1.0) * self._half

    def told(self, state: Tensor, found: Tensor) -> Tensor:
        """State (B, O, D), points found before (B, O, 2 P) -> (B, F)."""
        return self.keypoints(torch.cat([found, state], dim=-1))

    def lesson_loss(self, image: Tensor, objects: Tensor) -> Tensor:
        """How wrong the eye is: image (B, 1, s, s, 3) uint8, points (B, 2 P)."""
        maps, places = self.eye(image[:, 0])
        right = objects.unflatten(1, (-1, 2)) / self._half - 1.0
        errors = [(said - right) / FINE for said in (places, rigid_fit(places, self.shape))]
        wrong = sum(F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.3) for error in errors)
        return wrong + self.eye.loss(maps, right)
