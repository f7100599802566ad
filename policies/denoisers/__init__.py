"""Denoisers: (noisy chunk, its noise level, observation features) -> how to clean it."""

from typing import TypeAlias

from policies.denoisers.mlp import MlpConfig, MlpDenoiser
from policies.denoisers.sizes import ChunkSizes
from policies.denoisers.transformer import TransformerConfig, TransformerDenoiser
from policies.denoisers.unet import ConditionalUnet, UnetConfig

DenoiserConfig: TypeAlias = MlpConfig | UnetConfig | TransformerConfig
Denoiser: TypeAlias = MlpDenoiser | ConditionalUnet | TransformerDenoiser


def make_denoiser(config: DenoiserConfig, sizes: ChunkSizes) -> Denoiser:
    """The denoiser that `config` describes."""
    match config:
        case MlpConfig():
            return MlpDenoiser(config, sizes)
        case UnetConfig():
            return ConditionalUnet(config, sizes)
        case TransformerConfig():
            return TransformerDenoiser(config, sizes)
