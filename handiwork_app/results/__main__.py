"""`make results`: docs/results/*.json -> docs/results.md."""

import sys
from pathlib import Path

from handiwork.errors import HandiworkError
from handiwork_app.results.answers import read_answers
from handiwork_app.results.page import write_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> int:
    """0 when the page is written."""
    try:
        answers = read_answers(DOCS / "results")
        write_page(answers, DOCS / "results.md")
    except HandiworkError as refused:
        print(f"results: {refused}", file=sys.stderr)
        return 1
    print(f"docs/results.md is made from {len(answers)} files in docs/results.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
