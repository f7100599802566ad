import dataclasses

import numpy as np
import pytest

from handiwork.chunks import ActionChunk, ChunkRules, admit, rows_past
from handiwork.errors import RefusedChunk, WrongShape

RULES = ChunkRules(names=("x", "y"), space="pose")
CHUNK = ActionChunk(
    rows=np.zeros((5, 2), np.float32),
    names=("x", "y"),
    space="pose",
    frame="base_link",
    start=10.0,
    period=0.1,
    observed=9.9,
    sequence=7,
)


def test_a_good_chunk_is_admitted():
    admit(CHUNK, RULES, 10.0, None)
    admit(CHUNK, RULES, 10.0, 6)


@pytest.mark.parametrize(
    ("changes", "now", "last", "kind"),
    [
        ({"names": ("x", "z")}, 10.0, None, "spec"),
        ({"names": ("y", "x")}, 10.0, None, "spec"),
        ({"space": "joint"}, 10.0, None, "spec"),
        ({"rows": np.full((5, 2), np.nan)}, 10.0, None, "not_finite"),
        ({"rows": np.full((5, 2), np.inf)}, 10.0, None, "not_finite"),
        ({}, 10.0, 7, "order"),
        ({}, 10.0, 8, "order"),
        ({"period": 3.0}, 10.0, None, "duration"),
        ({"observed": 10.35}, 10.41, None, "past"),
        ({}, 8.9, None, "ahead"),
        ({"observed": 9.4}, 10.0, None, "stale"),
    ],
)
def test_each_fault_is_refused_by_its_kind(changes, now, last, kind):
    with pytest.raises(RefusedChunk) as refused:
        admit(dataclasses.replace(CHUNK, **changes), RULES, now, last)
    assert refused.value.kind == kind
    assert "chunk 7" in str(refused.value)


@pytest.mark.parametrize(("now", "past"), [(9.0, 0), (10.0, 0), (10.01, 1), (10.25, 3), (11.0, 5)])
def test_rows_due_before_now_are_past(now, past):
    assert rows_past(CHUNK, now) == past


def test_a_chunk_of_the_wrong_width_is_refused():
    with pytest.raises(WrongShape, match="rows has shape"):
        dataclasses.replace(CHUNK, rows=np.zeros((5, 3)))


def test_a_chunk_without_rows_is_refused():
    with pytest.raises(WrongShape, match="H >= 1"):
        dataclasses.replace(CHUNK, rows=np.zeros((0, 2)))


def test_a_period_of_zero_is_refused():
    with pytest.raises(ValueError, match="period"):
        dataclasses.replace(CHUNK, period=0.0)
