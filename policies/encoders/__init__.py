"""Encoders: observed steps -> the features that condition a generator of actions.

Every encoder has `inputs`, the names of the observations it reads, `size`, the number of features,
`example(batch)`, inputs of the right shapes, and `forward(*inputs) -> (B, size)`.
"""

from typing import TypeAlias

from policies.encoders.image import ImageConfig, ImageEncoder
from policies.encoders.keypoints import KeypointConfig, KeypointEncoder
from policies.encoders.points import PointsConfig, PointsEncoder
from policies.encoders.state import StateConfig, StateEncoder
from policies.encoders.task import TaskEncoder
from policies.normaliser import Normaliser

EncoderConfig: TypeAlias = KeypointConfig | StateConfig | ImageConfig | PointsConfig
Encoder: TypeAlias = KeypointEncoder | StateEncoder | ImageEncoder | PointsEncoder | TaskEncoder


def make_encoder(config: EncoderConfig, observed_steps: int, state: Normaliser) -> Encoder:
    """The encoder that `config` describes; `state` normalises the state's D numbers."""
    match config:
        case KeypointConfig():
            return KeypointEncoder(config, observed_steps, state)
        case StateConfig():
            return StateEncoder(config, observed_steps, state)
        case ImageConfig():
            return ImageEncoder(config, observed_steps, state)
        case PointsConfig():
            return PointsEncoder(config, observed_steps, state)
