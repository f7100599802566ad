"""The environment of the hand detector, whose libraries need numpy 1.

    .venv/bin/python -m handiwork_app.hands_environment        (or `make hands`)

makes .venv-hands and installs what detectors/requirements.txt lists.
"""

import subprocess
import sys

from handiwork_app.environment import ROOT

PYTHON = ROOT / ".venv-hands" / "bin" / "python"
DETECTOR = ROOT / "detectors" / "hands.py"
REQUIREMENTS = ROOT / "detectors" / "requirements.txt"


def detector_command(most: int) -> list[str]:
    """What runs the detector; most: hands in a picture."""
    return [str(PYTHON), str(DETECTOR), str(most)]


def main() -> int:
    """Make it, or complete it."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PYTHON.parent.parent)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
