"""CARP: a chunk is said coarsely first, then finer, in four passes of a small transformer.

The chunk's words are learned first; then they are fixed and a transformer learns to say them from
an observation.

Source: Gong et al., CARP: Coarse-to-Fine Autoregressive Prediction for Visuomotor Policy Learning,
arXiv:2412.06782.
Shapes: B batch, O observed steps, H predicted steps, A actions, D state size, K scales.
"""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from handiwork.errors import BadValue
from policies.carp.config import CarpConfig
from policies.carp.joining import join
from policies.carp.planner import Planner
from policies.carp.tokenizer import ActionTokenizer
from policies.carp.transformer import NextScaleTransformer
from policies.encoders.task import TaskEncoder
from policies.generator import ActionGenerator, Compute, Kernel, Request, Stage
from policies.normaliser import Normaliser
from policies.observed import Observed

TOKENIZER, TRANSFORMER = "tokenizer", "transformer"


class CarpPolicy(ActionGenerator):
    """Every chunk anew, coarse to fine; nothing is remembered between calls."""

    kind = "carp"
    own_stages = (
        Stage(TOKENIZER, ("tokenizer",), 0.25),
        Stage(TRANSFORMER, ("encoder", "transformer"), 0.75),
    )

    def __init__(self, config: CarpConfig, state: Normaliser, actions: Normaliser) -> None:
        """state: of D numbers. actions: of (H, A) numbers."""
        super().__init__(config.interface, state, actions)
        self._config = config
        if config.tasks > 1:
            self.encoder = TaskEncoder(self.encoder, config.tasks)
        size = config.interface.action_size
        self.tokenizer = ActionTokenizer(config.tokenizer, size)
        self.transformer = NextScaleTransformer(
            config.transformer, config.tokenizer, size, self.encoder.size
        )

    @property
    def config(self) -> CarpConfig:
        """The config it was made of."""
        return self._config

    def begin_stage(self, stage: str, average: ActionGenerator) -> None:
        """Before the transformer learns, the words get the meaning they will have when acting."""
        super().begin_stage(stage, average)
        if stage == TRANSFORMER:
            self.tokenizer.load_state_dict(average.get_submodule("tokenizer").state_dict())

    def loss(
        self, observed: Observed, actions: Tensor, generator: torch.Generator, stage: str
    ) -> Tensor:
        """What words lose of the chunk, or how unlikely its words are; actions (B, H, A)."""
        chunk = self.clean_chunk(observed, actions)
        if stage == TOKENIZER:
            return self.tokenizer.loss(chunk, generator)
        ids, coarser = self.lesson(chunk, generator)
        logits = self.transformer(self.encode(observed), coarser)
        return F.cross_entropy(logits.flatten(0, 2), ids.flatten())

    @torch.no_grad()
    def lesson(self, chunk: Tensor, generator: torch.Generator) -> tuple[Tensor, list[Tensor]]:
        """Words (B, L, A) to say, and what the coarser ones say, per scale but the first."""
        quantiser, rate = self.tokenizer.quantiser, self.config.corruption
        sizes = [(len(chunk), self.tokenizer.actions, scale) for scale in quantiser.scales]
        draws = [torch.rand(size, generator=generator).to(chunk.device) for size in sizes]
        words = self.tokenizer.words(chunk, [draw < rate for draw in draws])
        ids = rearrange(torch.cat(words.ids, dim=-1), "b a l -> b l a")
        coarser = [quantiser.coarsen(said, k) for k, said in enumerate(words.sums[:-1], 1)]
        return ids, coarser

    def figures(self) -> dict[str, float]:
        """Per action: how many codes seem to be in use, and which share was used of late."""
        usage = self.tokenizer.usage
        told = {"code_perplexity": usage.perplexity, "codes_alive": usage.alive}
        return {
            f"{name}/{action}": value
            for name, values in told.items()
            for action, value in enumerate(values.tolist())
        }

    def encode(self, observed: Observed, compute: Compute | None = None) -> Tensor:
        """Features (B, F).

        Raises:
            BadValue: a number of a task that there is not.
        """
        if self.config.tasks > 1:
            task = observed["task"]
            if not bool(((task >= 0) & (task < self.config.tasks)).all()):
                want = f"whole numbers from 0 to {self.config.tasks - 1}"
                raise BadValue(
                    "observation", "task", task.tolist(), want, "Check the task's number."
                )
        return super().encode(observed, compute)

    def kernels(self) -> tuple[Kernel, ...]:
        """The encoder, and all that follows it."""
        planner = Planner(self.tokenizer, self.transformer, self.config.top_k)
        example = (torch.zeros(1, self.encoder.size), *self._uniforms(1, torch.Generator()))
        passes = len(self.config.tokenizer.scales)
        return self.encoding(), Kernel("plan", planner.eval(), example, passes)

    def sample(
        self, request: Request, compute: Compute, memories: Sequence[Any]
    ) -> tuple[Tensor, Sequence[Any]]:
        """Say chunks; committed rows are put first and the rest is moved to join them."""
        draws = self._uniforms(len(request.features), request.generator)
        numbers = compute["plan"](
            request.features, *(draw.to(request.features.device) for draw in draws)
        )
        chunk = self.codec.decode(numbers, self.codec.origin(request.state))
        now = self.interface.horizon.now
        return join(chunk, request.committed, now, self.config.join_steps), memories

    def _uniforms(self, batch: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        """What decides the draws, (B, K), drawn on the CPU; nothing where nothing is drawn."""
        if self.config.top_k == 1:
            return ()
        return (torch.rand(batch, len(self.config.tokenizer.scales), generator=generator),)
