"""The generators by name, with the config that each is made of."""

from policies.carp import CarpConfig, CarpPolicy
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.generator import ActionGenerator
from policies.streaming import StreamingConfig, StreamingPolicy

KINDS: dict[str, tuple[type, type[ActionGenerator]]] = {
    CarpPolicy.kind: (CarpConfig, CarpPolicy),
    DiffusionPolicy.kind: (DiffusionConfig, DiffusionPolicy),
    StreamingPolicy.kind: (StreamingConfig, StreamingPolicy),
}
