"""What computes a policy's networks: torch as it is, CUDA graphs, or OpenVINO."""

from policies.runtime.choice import CHOICES as CHOICES
from policies.runtime.choice import Choice as Choice
from policies.runtime.choice import choose as choose
from policies.runtime.compiling import compile_policy as compile_policy
