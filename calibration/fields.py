"""Fields of a JSON file, each checked when it is read: what is wrong is said in one sentence."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from handiwork.errors import BadValue
from handiwork.geometry import nearest_rigid, rigid_fault

REACH = 10.0  # [m] no arm, and no board that a camera resolves, is farther: else millimetres


def read_object(path: Path | str) -> dict[str, Any]:
    """The one object of a JSON file.

    Raises:
        BadValue: it is not there, cut short, or something else.
    """
    where = str(path)
    try:
        content = json.loads(Path(path).read_text())
    except OSError as error:
        raise BadValue(
            where, "the file", error.strerror, "a readable file", "Check --from."
        ) from error
    except UnicodeDecodeError as error:
        raise BadValue(where, "the file", "binary", "JSON text", "Check --from.") from error
    except json.JSONDecodeError as error:
        got = f"{error.msg} at line {error.lineno}, column {error.colno}"
        fix = "It may be cut short: write it again."
        raise BadValue(where, "the file", got, "one JSON object", fix) from error
    if not isinstance(content, dict):
        fix = "docs/calibration.md shows the fields."
        raise BadValue(where, "the file", type(content).__name__, "one JSON object", fix)
    return content


def read_field(where: str, content: Mapping[str, Any], name: str, prefix: str = "") -> Any:
    """The value of a field that must be there."""
    if not isinstance(content, Mapping):
        got = type(content).__name__
        raise BadValue(where, prefix.rstrip("."), got, "an object", "Check the file.")
    if content.get(name) is None:
        known = ", ".join(sorted(content)) or "none"
        fix = f"Add it; the fields there are: {known}."
        raise BadValue(where, f"{prefix}{name}", "missing", "a value", fix)
    return content[name]


def read_numbers(where: str, field: str, value: Any) -> np.ndarray:
    """An array of finite numbers, of any shape."""
    try:
        numbers = np.array(value, float)
    except (TypeError, ValueError) as error:
        fix = "Rows must be equally long."
        raise BadValue(where, field, _shortened(value), "numbers", fix) from error
    if not np.isfinite(numbers).all():
        raise BadValue(where, field, _shortened(value), "finite numbers", "Leave that view out.")
    return numbers


def read_matrix(where: str, field: str, value: Any, size: int) -> np.ndarray:
    """A square matrix: rows in a list, or all numbers in one list, row by row."""
    numbers = read_numbers(where, field, value)
    if numbers.shape == (size * size,):
        numbers = numbers.reshape(size, size)
    if numbers.shape != (size, size):
        want = f"{size} rows of {size}, or {size * size} numbers row by row"
        raise BadValue(where, field, f"of shape {numbers.shape}", want, "Check who wrote the file.")
    return numbers


def read_pose(where: str, field: str, value: Any) -> np.ndarray:
    """A rigid transform (4, 4) in metres, its digits' rounding taken out of the rotation."""
    matrix = read_matrix(where, field, value, 4)
    fault = rigid_fault(matrix)
    if fault is not None:
        want = "a rigid transform, row by row: a rotation, a column in metres, the row 0 0 0 1"
        raise BadValue(where, field, fault, want, _REMEDIES.get(fault, "Check who wrote the file."))
    farthest = float(np.abs(matrix[:3, 3]).max())
    if farthest > REACH:
        want = f"a translation in metres, within {REACH:g}"
        raise BadValue(where, field, farthest, want, "If these are millimetres, divide by 1000.")
    return nearest_rigid(matrix)


_REMEDIES = {
    "written column by column": "Transpose it (libfranka writes columns).",
    "mirrored, with determinant -1": "One axis has the wrong sign: use a right-handed frame.",
}


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
