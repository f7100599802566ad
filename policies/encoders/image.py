"""Pictures: a residual network per camera, whose answer is where in the picture things are.

Trained from scratch with group normalisation, since averaged weights and batch statistics do not
go together; cropped at random in training and in the middle when acting.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137, section 3.2 and appendix; ResNet-18: He et
al., arXiv:1512.03385; spatial softmax: Finn et al., arXiv:1509.06113.
Shapes: B batch, O observed steps, C cameras, h, w picture, K keypoints, D state size, F features.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from policies.normaliser import Normaliser


@dataclass(frozen=True, kw_only=True)
class ImageConfig:
    """Pictures and the network that reads them; the defaults are ResNet-18's."""

    state_size: int
    cameras: int
    height: int
    width: int
    crop: int  # side of the square that is kept [px]
    channels: tuple[int, ...] = (64, 128, 256, 512)  # per stage of two blocks
    keypoints: int = 32  # K per camera
    kind: Literal["image"] = "image"

    def __post_init__(self) -> None:
        if not 1 <= self.crop <= min(self.height, self.width):
            raise ValueError(f"crop must fit {self.height} x {self.width}, got {self.crop}")
        if any(width % 16 for width in self.channels):
            raise ValueError(f"channels must divide by 16, got {self.channels}")


class ImageEncoder(nn.Module):
    """Observed steps -> features for the generator."""

    inputs = ("state", "image")
    lesson = None

    def __init__(self, config: ImageConfig, observed_steps: int, state: Normaliser) -> None:
        super().__init__()
        self.config = config
        self.state = state
        self.size = observed_steps * (config.state_size + config.cameras * 2 * config.keypoints)
        self._steps = observed_steps
        self.eyes = nn.ModuleList(_Eye(config) for _ in range(config.cameras))

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        config = self.config
        shape = (batch, self._steps, config.cameras, config.height, config.width, 3)
        state = torch.zeros(batch, self._steps, config.state_size)
        return state, torch.zeros(shape, dtype=torch.uint8)

    def forward(self, state: Tensor, image: Tensor) -> Tensor:
        """State (B, O, D), image (B, O, C, h, w, 3) uint8 -> (B, F)."""
        pictures = rearrange(image, "b o c h w rgb -> c (b o) rgb h w").float() / 127.5 - 1.0
        pictures = self._crop(pictures)
        seen = [eye(picture) for eye, picture in zip(self.eyes, pictures, strict=True)]
        features = torch.cat(seen, dim=-1).reshape(*state.shape[:2], -1)
        return torch.cat([self.state.normalise(state), features], dim=-1).flatten(1)

    def _crop(self, pictures: Tensor) -> Tensor:
        """(C, B O, 3, h, w) -> (C, B O, 3, crop, crop): in training each from its own place."""
        side = self.config.crop
        spare = (self.config.height - side, self.config.width - side)
        if not self.training:
            top, left = (room // 2 for room in spare)
            return pictures[..., top : top + side, left : left + side]
        cameras, many = pictures.shape[:2]
        batch_first = (many // self._steps, self._steps, cameras)
        draws = (torch.randint(room + 1, batch_first, device=pictures.device) for room in spare)
        top, left = (rearrange(draw, "b o c -> c (b o) 1") for draw in draws)
        kept = torch.arange(side, device=pictures.device)
        rows, columns = (top + kept)[..., None], (left + kept)[..., None, :]  # of the picture
        camera, picture = (torch.arange(n, device=pictures.device) for n in (cameras, many))
        cut = pictures[camera[:, None, None, None], picture[:, None, None], :, rows, columns]
        return rearrange(cut, "c b h w rgb -> c b rgb h w")


class _Eye(nn.Module):
    """One camera's network: ResNet with group normalisation, then spatial softmax."""

    def __init__(self, config: ImageConfig) -> None:
        super().__init__()
        first = config.channels[0]
        self.stem = nn.Sequential(
            nn.Conv2d(3, first, 7, stride=2, padding=3, bias=False),
            nn.GroupNorm(first // 16, first),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
        )
        blocks: list[nn.Module] = []
        for stage, outer in enumerate(config.channels):
            inner = config.channels[max(stage - 1, 0)]
            blocks += [_Block(inner, outer, 2 if stage else 1), _Block(outer, outer, 1)]
        self.blocks = nn.Sequential(*blocks)
        self.maps = nn.Conv2d(config.channels[-1], config.keypoints, 1)

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, crop, crop) in [-1, 1] -> (B, 2 K): x and y of K keypoints in [-1, 1]."""
        return spatial_softmax(self.maps(self.blocks(self.stem(picture))))


class _Block(nn.Module):
    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(inner, outer, 3, stride, 1, bias=False),
            nn.GroupNorm(outer // 16, outer),
            nn.ReLU(),
            nn.Conv2d(outer, outer, 3, 1, 1, bias=False),
            nn.GroupNorm(outer // 16, outer),
        )
        same = stride == 1 and inner == outer
        self.skip = nn.Identity() if same else nn.Conv2d(inner, outer, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.net(x) + self.skip(x))


def spatial_softmax(maps: Tensor) -> Tensor:
    """Expected place in each map: (B, K, h, w) -> (B, 2 K), x then y per map, in [-1, 1]."""
    height, width = maps.shape[-2:]
    weights = maps.flatten(2).softmax(-1).unflatten(2, (height, width))
    across = torch.linspace(-1, 1, width, device=maps.device)
    along = torch.linspace(-1, 1, height, device=maps.device)
    x = (weights.sum(2) * across).sum(-1)  # (B, K)
    y = (weights.sum(3) * along).sum(-1)
    return torch.stack([x, y], dim=-1).flatten(1)
