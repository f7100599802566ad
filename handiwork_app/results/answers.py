"""The JSON objects that commands wrote, read back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from handiwork.errors import BadValue

Answer: TypeAlias = dict[str, Any]


def read_answers(folder: Path) -> list[Answer]:
    """Every `*.json` in the folder, by name; `file` is added to each.

    Raises:
        BadValue: a file that no command of ours wrote, or one of a command that failed.
    """
    answers = []
    for path in sorted(folder.glob("*.json")):
        try:
            answer = json.loads(path.read_text())
        except ValueError as error:
            raise BadValue(
                str(path), "content", str(error), "JSON", "Run its command again."
            ) from error
        if not isinstance(answer, dict) or "command" not in answer or "error" in answer:
            raise BadValue(
                str(path),
                "command",
                "missing, or the command failed",
                "the --json of a handiwork command that did what it says",
                "Run the command again, or take the file away.",
            )
        answers.append(answer | {"file": path.name})
    return answers


def of_command(answers: Sequence[Answer], command: str) -> list[Answer]:
    """The answers of one command."""
    return [answer for answer in answers if answer["command"] == command]
