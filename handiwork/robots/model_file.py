"""Where a robot's model file lies on this machine, and how several arms stand on one base.

Models belong to their makers: they are read out of installed packages, never copied, and the
packages are only located, never imported.
"""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from handiwork.errors import MissingModel, WrongShape

if TYPE_CHECKING:
    from handiwork.robots.robot import Robot


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """An MJCF (.xml), URDF (.urdf) or xacro (.xacro) inside an installed package.

    distribution: the package as pip calls it.
    file: seen from the folder that packages are installed into.
    arguments: of the xacro.
    reversed_joints: joints that the file turns the other way round than the robot's driver does.
    solid_links: links that the file only draws, and that can touch things all the same.
    hollow_links: links whose hulls would fill room that other links move into: kept as meshes.
    """

    distribution: str
    file: str
    arguments: tuple[tuple[str, str], ...] = ()
    reversed_joints: tuple[str, ...] = ()
    solid_links: tuple[str, ...] = ()
    hollow_links: tuple[str, ...] = ()

    @property
    def is_mjcf(self) -> bool:
        """MJCF, which MuJoCo and pinocchio read as it is; otherwise `urdf_text` is what to read."""
        return self.file.endswith(".xml")

    def path(self) -> Path:
        """The file on this machine.

        Raises:
            MissingModel: the package is not installed, or lacks the file.
        """
        try:
            path = Path(str(distribution(self.distribution).locate_file(self.file)))
        except PackageNotFoundError:
            raise MissingModel(self.file, self.distribution) from None
        if not path.is_file():
            raise MissingModel(str(path), self.distribution)
        return path


@dataclass(frozen=True, kw_only=True, eq=False)
class Mount:
    """An arm on a common base: every name of it gets `prefix`; base_from_mount is (4, 4) [m]."""

    robot: "Robot"
    prefix: str
    base_from_mount: np.ndarray

    def __post_init__(self) -> None:
        if self.base_from_mount.shape != (4, 4):
            raise WrongShape("Mount.base_from_mount", self.base_from_mount.shape, "(4, 4)")


@dataclass(frozen=True, kw_only=True, eq=False)
class Assembly:
    """Several arms on one base, each with a model file of its own."""

    mounts: tuple[Mount, ...]
