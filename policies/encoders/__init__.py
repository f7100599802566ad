"""Encoders: observed steps -> the features that condition a generator of actions.

Every encoder has `inputs`, the names of the observations it reads, `size`, the number of features,
`example(batch)`, inputs of the right shapes, `forward(*inputs) -> (B, size)`, and `lesson`, what it
is taught before a generator learns with it; None for most.
"""

from typing import TypeAlias

from policies.encoders.image import ImageConfig, ImageEncoder
from policies.encoders.keypoints import KeypointConfig, KeypointEncoder
from policies.encoders.keypoints_from_image import (
    KeypointsFromImageConfig,
    KeypointsFromImageEncoder,
)
from policies.encoders.points import PointsConfig, PointsEncoder
from policies.encoders.state import StateConfig, StateEncoder
from policies.encoders.task import TaskEncoder
from policies.normaliser import Normaliser

EncoderConfig: TypeAlias = (
    KeypointConfig | StateConfig | ImageConfig | KeypointsFromImageConfig | PointsConfig
)
Encoder: TypeAlias = (
    KeypointEncoder
    | StateEncoder
    | ImageEncoder
    | KeypointsFromImageEncoder
    | PointsEncoder
    | TaskEncoder
)


def make_encoder(config: EncoderConfig, observed_steps: int, state: Normaliser) -> Encoder:
    """The encoder that `config` describes; `state` normalises the state's D numbers."""
    match config:
        case KeypointConfig():
            return KeypointEncoder(config, observed_steps, state)
        case StateConfig():
            return StateEncoder(config, observed_steps, state)
        case ImageConfig():
            return ImageEncoder(config, observed_steps, state)
        case KeypointsFromImageConfig():
            return KeypointsFromImageEncoder(config, observed_steps, state)
        case PointsConfig():
            return PointsEncoder(config, observed_steps, state)
