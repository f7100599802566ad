"""What a stream of chunks keeps between calls: a plan in the data's units, and the noise in it.

A buffer of noisy numbers that are relative to the tool means another motion once the tool has
moved. Each of its rows is signal and noise,

    x = sqrt(s) c + sqrt(1 - s) n,

with s the signal at its level, c the clean number that the network takes x to be made of, and n
the noise that is left. So c is kept as an action in the data's units, where it does not depend on
the tool, and n as it is. At the next call c is written anew, relative to where the tool is then and
on the scales of the rows that it has moved to, and x follows from the same n at the same level.
Where rows have equal scales this is exact, x + sqrt(s) (change of origin), whether or not c was a
good estimate.

Source: Hoeg et al., Streaming Diffusion Policy, arXiv:2406.04806, section 4 (the buffer; its past
rows are noised again and stay in it, which the published code leaves out).
Shapes: B streams, H predicted, E executed, O observed steps, A action size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from policies.action_codec import ActionCodec
from policies.windows import Horizon


@dataclass(frozen=True)
class Plan:
    """What is left of a stream's plan once its first chunk is executed.

    actions: (H - E, A) in the data's units; O - 1 rows of them are then past.
    noise: (H - E - O + 1, A) in the rows that are not.
    """

    actions: Tensor
    noise: Tensor


def leave(
    actions: Tensor, clean: Tensor, noisy: Tensor, signal: Tensor, horizon: Horizon
) -> Sequence[Plan | None]:
    """What each stream keeps after a call; nothing where the plan was a single chunk.

    Args:
        actions: (B, H, A) in the data's units. clean: (B, H, A) as the network writes them.
        noisy: (B, H, A). signal: (H, 1) left in it.
    """
    if not horizon.spare_steps:
        return [None] * len(actions)
    ahead = slice(horizon.now + horizon.executed_steps, None)
    signal = signal[ahead]
    noise = (noisy[:, ahead] - signal.sqrt() * clean[:, ahead]) / (1 - signal).sqrt()
    rows = actions[:, horizon.executed_steps :]
    return [Plan(*kept) for kept in zip(rows, noise, strict=True)]


def resume(
    plan: Plan, fresh: Tensor, origin: Tensor, codec: ActionCodec, horizon: Horizon
) -> tuple[Tensor, Tensor]:
    """The plan as the network writes it now, with room for one more chunk at its end.

    Args:
        plan: of one stream. fresh: (H, A) new noise, for past rows, which are known and so were
            clean, and for the new chunk.
        origin: (1, A) of this call.

    Returns:
        clean (H, A), zero in the new chunk, and noise (H, A).
    """
    executed, now = horizon.executed_steps, horizon.now
    known = slice(0, len(plan.actions))
    clean = torch.zeros_like(fresh)
    clean[known] = codec.scale.normalise_rows(plan.actions - origin, known)
    return clean, torch.cat([fresh[:now], plan.noise, fresh[-executed:]])


def diverged(plan: Plan, origin: Tensor, codec: ActionCodec, horizon: Horizon) -> Tensor:
    """How far the tool is from where the plan goes on, in units of the first row's scale.

    plan: of one stream. origin: (1, A). Actions that are not relative to the tool do not count.
    """
    row = horizon.now
    away = codec.scale.normalise_rows(plan.actions[row : row + 1] - origin, slice(row, row + 1))
    return (away * codec.moves).abs().max()
