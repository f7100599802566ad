"""What became of a chunk: whether it is followed, from when on, or why not."""

from dataclasses import dataclass

from handiwork.chunks import ActionChunk


@dataclass(frozen=True, kw_only=True)
class ChunkReport:
    """What became of a chunk.

    kind: a word for counting why it was refused, "" if it was not.
    reason: the same in a sentence.
    rows_skipped: rows that were due before it arrived.
    in_time: it arrived with few rows past, before the rows of the chunk before it ran out.
    observed: stamp of the oldest part of its observation [s].
    switch: when the arm leaves what it followed before, for this chunk or to stop [s]; None where
        it goes on as before.
    """

    sequence: int
    accepted: bool
    kind: str = ""
    reason: str = ""
    rows_skipped: int = 0
    in_time: bool = False
    observed: float
    switch: float | None = None


def accepted(chunk: ActionChunk, rows_skipped: int, in_time: bool, switch: float) -> ChunkReport:
    """The chunk is followed from `switch` on [s]."""
    return ChunkReport(
        sequence=chunk.sequence,
        accepted=True,
        rows_skipped=rows_skipped,
        in_time=in_time,
        observed=chunk.observed,
        switch=switch,
    )


def refused(
    chunk: ActionChunk, rows_skipped: int, kind: str, reason: str, switch: float | None = None
) -> ChunkReport:
    """The chunk is not followed; `switch` is given where the arm stops instead [s]."""
    return ChunkReport(
        sequence=chunk.sequence,
        accepted=False,
        kind=kind,
        reason=reason,
        rows_skipped=rows_skipped,
        observed=chunk.observed,
        switch=switch,
    )
