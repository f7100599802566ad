"""The sizes of a CARP policy; the defaults train on one CPU core in minutes."""

from dataclasses import dataclass, field

from policies.generator import InterfaceConfig

SHRINK = 4  # predicted steps per step of the code, by two strides of 2


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    """How chunks become tokens.

    scales: how many code steps each pass describes, coarse to fine; the last is H / 4.
    patience: a code that no chunk chose for as many steps of training is replaced.
    """

    scales: tuple[int, ...] = (1, 2, 3, 4)
    codes: int = 128  # V, per action
    code_size: int = 8
    channels: int = 16  # of the convolutions, per action
    commitment: float = 0.25  # weight of the features' own part in the codebook's loss
    patience: int = 50

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.scales, self.scales[1:], strict=False))
        if not self.scales or self.scales[0] < 1 or not rising:
            raise ValueError(f"scales must rise from 1 or more, got {self.scales}")
        if self.codes < 2 or min(self.code_size, self.channels, self.patience) < 1:
            raise ValueError(f"codes must be >= 2 and all sizes >= 1, got {self}")


@dataclass(frozen=True, kw_only=True)
class TransformerConfig:
    """Sizes of the next-scale transformer and of the trunk that reads the observation."""

    width: int = 64  # C
    depth: int = 3
    heads: int = 4
    inner_width: int = 128  # between the two layers that each token passes in a block
    condition_width: int = 256  # W
    condition_blocks: int = 2

    def __post_init__(self) -> None:
        if (
            self.heads < 1
            or self.width % self.heads
            or min(self.width, self.depth, self.inner_width) < 1
        ):
            raise ValueError(f"width must divide by heads, all sizes be >= 1, got {self}")
        if self.condition_width < 1 or self.condition_blocks < 0:
            raise ValueError(f"condition_width must be >= 1, blocks >= 0, got {self}")


@dataclass(frozen=True, kw_only=True)
class CarpConfig:
    """Everything that shapes a CARP policy but the data's statistics.

    top_k: 1 takes the likeliest code everywhere, so all candidates are alike; more draws among as
    many. corruption: share of tokens that are exchanged for another chunk's when the transformer
    learns, so that finer scales learn to mend coarser ones. join_steps: rows in which a chunk comes
    back from the committed rows to its own way. tasks: more than 1 asks for the task's number as
    the observation "task".
    """

    interface: InterfaceConfig
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    transformer: TransformerConfig = field(default_factory=TransformerConfig)
    top_k: int = 1
    corruption: float = 0.1
    join_steps: int = 8
    tasks: int = 1

    def __post_init__(self) -> None:
        steps, last = self.interface.horizon.predicted_steps, self.tokenizer.scales[-1]
        if steps != SHRINK * last:
            raise ValueError(
                f"the last of scales must be predicted_steps / {SHRINK} = {steps / SHRINK:g}, "
                f"got {last}"
            )
        if not 1 <= self.top_k <= self.tokenizer.codes:
            raise ValueError(
                f"top_k must be in [1, codes={self.tokenizer.codes}], got {self.top_k}"
            )
        if not 0 <= self.corruption < 1:
            raise ValueError(f"corruption must be in [0, 1), got {self.corruption}")
        if self.join_steps < 1 or self.tasks < 1:
            raise ValueError(f"join_steps and tasks must be >= 1, got {self}")
