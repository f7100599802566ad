"""CARP: actions as words, coarse to fine."""

from policies.carp.config import CarpConfig as CarpConfig
from policies.carp.config import TokenizerConfig as TokenizerConfig
from policies.carp.config import TransformerConfig as TransformerConfig
from policies.carp.policy import CarpPolicy as CarpPolicy
