"""Features: relative where they should be, of the declared size, blind to what cannot matter."""

import numpy as np
import pytest
import torch

from policies.encoders import (
    EncoderConfig,
    ImageConfig,
    KeypointConfig,
    KeypointEncoder,
    PointsConfig,
    StateConfig,
    make_encoder,
)
from policies.encoders.image import spatial_softmax
from policies.normaliser import Normaliser

CONFIG = KeypointConfig(goal=(1.0, 2.0, 3.0, 4.0), reach=2.0, motion=0.5, error=4.0, wave=8.0)
OBSERVED = torch.rand(5, 2, 6, generator=torch.Generator().manual_seed(0)) * 10


def encode(observed: torch.Tensor) -> torch.Tensor:
    return KeypointEncoder(CONFIG, observed.shape[1], Normaliser.blank(6))(observed)


def test_the_declared_size_is_the_size():
    for steps in (1, 2):
        size = KeypointEncoder(CONFIG, steps, Normaliser.blank(6)).size
        assert encode(OBSERVED[:, :steps]).shape == (5, size)


def test_points_at_their_goal_have_no_error():
    at_goal = torch.tensor([[[1.0, 2.0, 3.0, 4.0, 9.0, 9.0]] * 2])
    features = encode(at_goal)
    observation, motion, points = 12, 6, 4
    start = observation + motion + points
    torch.testing.assert_close(features[:, start : start + points], torch.zeros(1, points))


def test_what_is_told_of_the_tool_does_not_change_when_all_is_moved_alike():
    start, numbers = 12, 6 + 4  # motion, then points from the tool
    shift = torch.tensor([3.0, -7.0]).repeat(3)
    here, there = encode(OBSERVED), encode(OBSERVED + shift)
    torch.testing.assert_close(here[:, start : start + numbers], there[:, start : start + numbers])
    assert not torch.allclose(here[:, :start], there[:, :start])


IMAGE = ImageConfig(
    state_size=3, cameras=2, height=24, width=28, crop=20, channels=(16, 16), keypoints=4
)
POINTS = PointsConfig(state_size=3, count=32, widths=(8, 16), features=8)
STATE = StateConfig(state_size=3, pairs=((0, 2), (1, 2)), scales=(0.5, 2.0), waves=(1.0, 4.0))


@pytest.mark.parametrize("config", [CONFIG, IMAGE, POINTS, STATE], ids=lambda item: item.kind)
@pytest.mark.parametrize("steps", [1, 2])
def test_every_encoder_has_the_size_it_declares(config: EncoderConfig, steps: int):
    width = 6 if config is CONFIG else 3
    encoder = make_encoder(config, steps, Normaliser.blank(width)).eval()
    assert encoder(*encoder.example(5)).shape == (5, encoder.size)


def test_pairs_are_seen_apart_and_on_their_own_scale():
    encoder = make_encoder(STATE, 1, Normaliser.blank(3))
    features = encoder(torch.tensor([[[1.0, 7.0, 3.0]]]))
    torch.testing.assert_close(features[:, 3:5], torch.tensor([[-4.0, 2.0]]))
    torch.testing.assert_close(features[:, 5], torch.tensor([-4.0]).sin())


def test_the_order_of_points_does_not_matter():
    encoder = make_encoder(POINTS, 2, Normaliser.blank(3))
    state, points = torch.zeros(1, 2, 3), torch.randn(1, 2, 32, 3)
    shuffled = points[:, :, torch.randperm(32)]
    torch.testing.assert_close(encoder(state, points), encoder(state, shuffled))


def test_a_lit_spot_is_found_where_it_is():
    maps = torch.zeros(1, 1, 5, 9)
    maps[0, 0, 1, 6] = 50.0
    torch.testing.assert_close(spatial_softmax(maps), torch.tensor([[0.5, -0.5]]))


def test_pictures_are_cropped_in_the_middle_when_acting_and_anywhere_in_training():
    encoder = make_encoder(IMAGE, 1, Normaliser.blank(3)).eval()
    picture = torch.randint(0, 255, (1, 1, 2, 24, 28, 3), dtype=torch.uint8)
    edges = picture.clone()
    edges[:, :, :, :2], edges[:, :, :, :, :4] = 0, 0
    state = torch.zeros(1, 1, 3)
    torch.testing.assert_close(encoder(state, picture), encoder(state, edges))
    torch.manual_seed(0)
    seen = {tuple(encoder.train()(state, picture)[0].tolist()) for _ in range(8)}
    assert len(seen) > 4


def test_a_random_crop_is_a_part_of_the_picture():
    encoder = make_encoder(IMAGE, 1, Normaliser.blank(3)).train()
    whole = np.arange(24 * 28, dtype=np.float32).reshape(24, 28)
    pictures = torch.from_numpy(whole).expand(2, 5, 3, 24, 28)
    cut = encoder._crop(pictures)
    assert cut.shape == (2, 5, 3, 20, 20)
    steps_down, steps_right = cut.diff(dim=-2), cut.diff(dim=-1)
    assert (steps_down == 28).all() and (steps_right == 1).all()
