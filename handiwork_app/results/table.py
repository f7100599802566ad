"""A Markdown table, and one of the same figures of several answers."""

from collections.abc import Iterable, Mapping, Sequence

from handiwork_app.results.answers import Answer


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def figures(answers: Iterable[Answer], columns: Mapping[str, str]) -> str:
    """A row for each answer; columns: key -> how it is written, as "{:.1f}"; no value, a dash."""
    rows = [
        [
            "–" if answer.get(key) is None else form.format(answer[key])
            for key, form in columns.items()
        ]
        for answer in answers
    ]
    return table(list(columns), rows)
