"""Streaming diffusion: a plan that is cleaned, emitted and prolonged chunk by chunk."""

from policies.streaming.config import StreamingConfig as StreamingConfig
from policies.streaming.policy import StreamingPolicy as StreamingPolicy
