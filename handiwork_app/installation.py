"""What set-up must leave on this machine, and how to see whether it is there.

Standard library only: set-up runs it with the system's Python, before there is any environment.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handiwork_app.environment import ROOT, WORKSPACE

PYTHONS = ((3, 11), (3, 12))
VENV = ROOT / ".venv"

# Rendering without a display (EGL, or OSMesa by MUJOCO_GL=osmesa), and USB for cameras.
DEBIAN_LIBRARIES = (
    "libegl1",
    "libosmesa6",
    "libgl1-mesa-dri",
    "libgl1",
    "libgles2",
    "libusb-1.0-0",
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step of set-up that is done again only when its sources have changed.

    stamp: file that holds the digest of the sources it was done with.
    """

    name: str
    sources: tuple[Path, ...]
    stamp: Path

    def digest(self) -> str:
        """Changes with any byte or name of the sources, and when the tree has moved."""
        digest = hashlib.sha256(str(ROOT).encode())
        for path in self.sources:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def fresh(self) -> bool:
        """Whether it was done with the sources as they are now."""
        return self.stamp.is_file() and self.stamp.read_text() == self.digest()

    def mark_done(self, digest: str) -> None:
        """Remember the digest that was taken before the step began."""
        self.stamp.write_text(digest)


def environment_stage() -> Stage:
    """The virtual environment, from the pinned requirements."""
    sources = tuple(sorted((ROOT / "requirements").glob("*.txt")))
    return Stage(name="environment", sources=sources, stamp=VENV / "requirements.digest")


def package_stage() -> Stage:
    """The root package, installed in place, so that its source is what runs."""
    sources = (ROOT / "pyproject.toml", ROOT / "setup.py", ROOT / "setup.cfg")
    return Stage(name="package", sources=sources, stamp=VENV / "package.digest")


def workspace_stage() -> Stage:
    """The ROS workspace. The nodes' Python files are linked, so they are not among its sources."""
    wheels = (ROOT / "requirements/build.txt", ROOT / "requirements/ros.txt")
    nodes = WORKSPACE / "src/handiwork_ros/handiwork_ros"
    source = (path for path in (WORKSPACE / "src").rglob("*") if path.is_file())
    built = (path for path in source if nodes not in path.parents and "egg-info" not in str(path))
    return Stage(
        name="workspace",
        sources=(*wheels, WORKSPACE / "use_wheels.py", *sorted(built)),
        stamp=WORKSPACE / "install/sources.digest",
    )


def pinned_packages() -> dict[str, str]:
    """Name -> version of everything that the requirement files ask for by name."""
    pin = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
    files = sorted((ROOT / "requirements").glob("*.txt"))
    return {
        name: version
        for path in files
        if path.name != "lock.txt"
        for name, version in pin.findall(path.read_text())
    }


def missing_debian_packages() -> list[str]:
    """Debian packages that are not installed; empty where there is no dpkg to ask."""
    wanted = [*DEBIAN_LIBRARIES, *_missing_build_tools()]
    installed = _installed_debian_packages(wanted)
    return [package for package in wanted if package not in installed]


def _missing_build_tools() -> list[str]:
    """What the Python that runs this, and the compiler, lack for building the workspace."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    missing = []
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        missing.append(f"{version}-dev")
    if shutil.which("c++") is None:
        missing.append("g++")
    try:
        import ensurepip  # noqa: F401  Debian takes it out of its Python
    except ImportError:
        missing.append(f"{version}-venv")
    return missing


def _installed_debian_packages(packages: Iterable[str]) -> set[str]:
    if shutil.which("dpkg-query") is None:
        return set(packages)
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\n", *packages]
    # Status 1 only says that dpkg does not know some of them.
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    rows = (line.partition(" ") for line in answer.stdout.splitlines())
    return {package for status, _, package in rows if status == "installed"}
