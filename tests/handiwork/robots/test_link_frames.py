"""Frames told one in the other put every link and tool where the kinematics has them."""

import numpy as np
import pytest

from handiwork.robots.kinematics import Kinematics
from handiwork.robots.link_frames import LinkFrames
from handiwork.robots.registry import ROBOTS, robot


def placed(frames: LinkFrames, root: str) -> dict[str, np.ndarray]:
    """root_from_frame (4, 4) of every frame that hangs on it."""
    steps = dict(
        zip(frames.children, zip(frames.parents, frames.transforms(), strict=True), strict=True)
    )
    found = {root: np.eye(4)}
    while len(found) < len(steps) + 1:
        before = len(found)
        for child, (parent, matrix) in steps.items():
            if parent in found:
                found[child] = found[parent] @ matrix
        if len(found) == before:
            break
    return found


@pytest.mark.parametrize("name", ROBOTS)
def test_the_tool_is_where_the_kinematics_has_it(name: str) -> None:
    chosen = robot(name)
    frames = LinkFrames(chosen)
    posture = chosen.home + np.random.default_rng(0).uniform(-0.1, 0.1, len(chosen.home))
    frames.heard(dict(zip(chosen.names, posture, strict=True)))
    where = placed(frames, chosen.base_frame)
    for group in chosen.groups:
        if group.tool is not None:
            kinematics = Kinematics(chosen, group.name, rest=posture)
            wanted = kinematics.tool(posture[chosen.columns(group)])
            np.testing.assert_allclose(where[group.tool.frame], wanted, atol=1e-6)
