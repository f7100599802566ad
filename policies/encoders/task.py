"""Several tasks in one generator: a learned code for the task's number beside what is observed.

Source: Gong et al., CARP, arXiv:2412.06782.
Shapes: B batch, F features of the observation, T size of a task's code.
"""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from policies.encoders import Encoder


class TaskEncoder(nn.Module):
    """Another encoder's features with the code of the task."""

    lesson = None

    def __init__(self, observation: "Encoder", tasks: int, task_features: int = 8) -> None:
        super().__init__()
        if observation.lesson is not None:
            raise ValueError("several tasks want an encoder that is not taught before them")
        self.observation = observation
        self.task = nn.Embedding(tasks, task_features)
        self.inputs = (*observation.inputs, "task")
        self.size = observation.size + task_features

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        return (*self.observation.example(batch), torch.zeros(batch))

    def forward(self, *inputs: Tensor) -> Tensor:
        """Inputs of the observation, then the task's number (B,) -> (B, F + T)."""
        return torch.cat([self.observation(*inputs[:-1]), self.task(inputs[-1].long())], dim=-1)
