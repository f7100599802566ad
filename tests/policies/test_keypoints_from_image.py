"""An eye that is taught finds the block in pictures that it has not seen."""

import numpy as np
import pytest
import torch

from handiwork.tasks import push_t
from policies.encoders import KeypointsFromImageConfig, KeypointsFromImageEncoder
from policies.encoders.keypoint_eye import KeypointEye
from policies.generator import Kernel
from policies.normaliser import Normaliser
from policies.runtime.openvino_network import openvino_network
from policies.training.sights import KEYPOINTS
from tests.policies.seen_block import SIDE, picture, poses

CONFIG = KeypointsFromImageConfig(
    keypoints=KEYPOINTS, plane=push_t.PLANE_PX, side=SIDE, channels=(8, 16, 16)
)
CELL_PX = push_t.PLANE_PX / (SIDE / 4)


def encoder(steps: int = 2) -> KeypointsFromImageEncoder:
    torch.manual_seed(0)
    return KeypointsFromImageEncoder(CONFIG, steps, Normaliser.blank(2))


def seen(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures (count, 1, SIDE, SIDE, 3), corners (count, 16) [px]."""
    blocks = poses(count, seed)
    pictures = np.array([picture(block) for block in blocks])[:, None]
    corners = push_t.keypoints(blocks).reshape(count, 16)
    return torch.from_numpy(pictures), torch.tensor(corners, dtype=torch.float32)


def test_a_taught_eye_finds_the_block_in_new_pictures_to_a_fraction_of_a_cell():
    made, (pictures, corners) = encoder(), seen(512, seed=1)
    optimiser = torch.optim.AdamW(made.eye.parameters(), lr=3e-3)
    draws = torch.Generator().manual_seed(0)
    for _ in range(120):
        rows = torch.randint(len(pictures), (24,), generator=draws)
        loss = made.lesson_loss(pictures[rows], corners[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    pictures, corners = seen(128, seed=2)
    with torch.no_grad():
        apart = (made.find(pictures) - corners).unflatten(1, (8, 2)).norm(dim=-1)
    assert apart.median() < CELL_PX / 4, f"{apart.median():.1f} px"


def test_features_are_those_of_the_keypoints_that_were_found():
    made = encoder()
    pictures, _ = seen(6, seed=3)
    image = pictures.reshape(3, 2, 1, SIDE, SIDE, 3)
    state = torch.rand(3, 2, 2, generator=torch.Generator().manual_seed(0)) * 512
    found = made.find(pictures).reshape(3, 2, 16)
    wanted = made.keypoints(torch.cat([found, state], dim=-1))
    torch.testing.assert_close(made(state, image), wanted)
    assert wanted.shape == (3, made.size)


def test_the_plane_becomes_the_range_from_minus_one_to_one():
    made = encoder(steps=1)
    corners = torch.tensor([0.0, 512.0] * 8).reshape(1, 1, 16)
    features = made.told(torch.zeros(1, 1, 2), corners)
    torch.testing.assert_close(features[:, :16], torch.tensor([[-1.0, 1.0] * 8]))


def test_what_is_found_is_the_blocks_shape_whatever_the_eye_says():
    found = encoder().find(seen(4, seed=4)[0]).reshape(4, 8, 2)
    goal = torch.tensor(KEYPOINTS.goal).reshape(8, 2)
    for block in found:
        apart = torch.cdist(block, block) - torch.cdist(goal, goal)
        assert apart.abs().max() < 0.05, "of distances up to 150 px, in single precision"


def test_one_bright_cell_and_its_vote_are_the_place():
    eye = KeypointEye(SIDE, (8, 8, 8), 1)
    last = eye.head[-1]
    assert isinstance(last, torch.nn.Conv2d) and last.bias is not None
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.zeros_(last.bias)
    maps, places = eye(torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8))
    torch.testing.assert_close(places, torch.zeros(1, 1, 2))  # all cells count alike
    bright = eye.middles[:, 13][None, None]
    lit = torch.where(torch.arange(maps.shape[-1]) == 13, 40.0, 0.0).expand_as(maps)
    assert eye.loss(lit, bright) > eye.loss(maps, bright), "a map must be as broad as a cell"
    with torch.no_grad():
        last.bias[1:] = torch.tensor([0.5, -0.25])  # a vote of 1 is two cells away
    _, moved = eye(torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8))
    torch.testing.assert_close(moved, torch.tensor([[[1.0, -0.5]]]) * 2 / (SIDE / 4))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side": 30}, "side must divide by 8, got 30"),
        ({"channels": (8, 12, 16)}, "channels must divide by 8"),
        ({"lesson_share": 0.0}, "must be > 0"),
    ],
)
def test_sizes_that_cannot_be_are_refused(change: dict, message: str):
    with pytest.raises(ValueError, match=message):
        KeypointsFromImageConfig(**({"keypoints": KEYPOINTS, "plane": 512.0, "side": 32} | change))


def test_openvino_sees_what_torch_sees():
    made = encoder().eval().requires_grad_(False)
    draws = torch.Generator().manual_seed(0)
    for values in made.parameters():
        values += 0.1 * torch.randn(values.shape, generator=draws)
    network = openvino_network(Kernel("encode", made, made.example(1)), {}, None, 1)
    image = seen(6, seed=5)[0].reshape(3, 2, 1, SIDE, SIDE, 3)
    state = torch.rand(3, 2, 2, generator=draws) * 512
    torch.testing.assert_close(network(state, image), made(state, image), atol=1e-3, rtol=1e-4)
