"""What stands in for hardware in the tests: which emulators are here, and installs what is missing.

    .venv/bin/python -m handiwork_app.emulators

An emulator whose requirements clash with ours gets an environment of its own under .venv-emulators;
the others live in .venv. All of them listen on loopback only, and only while a test runs.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from handiwork_app.environment import ROOT


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """packages: pinned, complete, installed without their dependencies."""

    robot: str
    packages: tuple[str, ...]
    apart: bool  # in an environment of its own

    @property
    def python(self) -> Path:
        """The interpreter that runs it."""
        folder = ROOT / ".venv-emulators" / self.robot if self.apart else Path(sys.prefix)
        return folder / "bin/python"


EMULATORS = (
    Emulator(
        robot="wxai",
        packages=("trossen_arm==1.11.0", "trossen_arm_sim==0.2.3", "websockets==17.4"),
        apart=False,
    ),
    Emulator(
        robot="fr3",
        packages=("franky-control==2.0.0", "franky-sim==1.0.4", "websockets==17.4"),
        apart=False,
    ),
    Emulator(robot="g1", packages=("cyclonedds==11.0.1",), apart=False),
)


def install(emulator: Emulator) -> None:
    """Make its environment if it needs one, and bring what is missing."""
    if not emulator.python.exists():
        folder = emulator.python.parent.parent
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(emulator.python), "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, *emulator.packages], check=True)


def main() -> int:
    """One line for each."""
    failed = 0
    for emulator in EMULATORS:
        try:
            install(emulator)
        except subprocess.CalledProcessError as error:
            failed += 1
            print(f"{emulator.robot}: not installed, {error.cmd[-1]} failed", file=sys.stderr)
        else:
            print(f"{emulator.robot}: {', '.join(emulator.packages)}")
    return min(failed, 1)


if __name__ == "__main__":
    raise SystemExit(main())
