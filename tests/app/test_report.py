"""Videos, plots and recordings show what the files hold."""

from pathlib import Path

import av
import numpy as np
import pytest
from episode_files import BASE_FROM_OPTICAL, K, arrays, commands, write_run

from handiwork.errors import BadValue
from handiwork.perception.camera import Camera
from handiwork.robots.wxai import WXAI
from handiwork_app.report.episodes import CommandLog, Episode, read_episodes
from handiwork_app.report.movie import write_video
from handiwork_app.report.plots import plot_commands, plot_coverage, shares_of_limits
from handiwork_app.report.recording import write_recording
from handiwork_app.report.run import audited, report_run
from handiwork_app.report.video import GREEN, VIEW, WIDTH, episode_frames


def test_what_was_written_is_read_and_a_missing_array_is_named(tmp_path: Path) -> None:
    content = arrays()
    write_run(tmp_path, [content], commands())
    (episode,) = read_episodes(tmp_path)
    np.testing.assert_array_equal(episode.chunk_rows, content["chunk_rows"])
    del content["chunk_rows"]
    write_run(tmp_path, [content], commands())
    with pytest.raises(BadValue, match="chunk_rows"):
        read_episodes(tmp_path)


def test_a_video_has_a_picture_for_every_tenth_of_a_second(tmp_path: Path) -> None:
    path = write_video(tmp_path / "episode.mp4", episode_frames(Episode(**arrays())))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        pictures = list(container.decode(stream))
        assert stream.codec_context.name == "h264"
    assert len(pictures) == 20
    assert (pictures[0].width, pictures[0].height) == (960, 540)


def test_the_outline_is_drawn_where_the_camera_would_see_the_t() -> None:
    episode = Episode(**arrays())
    camera = Camera(k=K, width=640, height=480, base_from_optical=BASE_FROM_OPTICAL)
    picture = next(episode_frames(episode))
    x, y, angle = episode.estimate_pose[0]
    corner = np.array([x, y]) + 2 * 30 * 0.3 / 512 * np.array([np.cos(angle), np.sin(angle)])
    column, row = camera.project(np.array([*corner, 0.03])) * VIEW / 640
    patch = picture[int(row) - 2 : int(row) + 3, int(column) - 2 : int(column) + 3].astype(int)
    assert np.abs(patch - np.array(GREEN)).sum(axis=-1).min() < 60


def test_the_bar_is_as_long_as_the_coverage() -> None:
    just_before = arrays()["truth_time"] - 1e-3  # each picture, each coverage
    pictures = list(episode_frames(Episode(**arrays(truth_time=just_before))))
    green = [(picture[195, VIEW:] == GREEN).all(axis=-1).sum() for picture in pictures]
    assert green[0] <= 1 and green == sorted(green)
    assert green[-1] == pytest.approx(0.9 * 19 / 20 * (WIDTH - VIEW - 40), abs=3)


def test_an_episode_without_images_makes_no_pictures() -> None:
    none = {"image_time": np.zeros(0), "image_offsets": np.zeros(1, int)}
    assert list(episode_frames(Episode(**arrays(**none)))) == []


def test_shares_of_a_motion_with_constant_jerk_are_exact() -> None:
    times = 0.002 * np.arange(200)
    half = (WXAI.upper - WXAI.lower) / 2
    middle = (WXAI.upper + WXAI.lower) / 2
    jerk = 0.5 * WXAI.jerk
    positions = middle + jerk * times[:, None] ** 3 / 6
    shares = shares_of_limits(times, positions, WXAI)
    np.testing.assert_allclose(shares[3, 3:], 0.5, atol=1e-4)
    np.testing.assert_allclose(shares[0], (positions - middle) / half)
    velocity = jerk * times[-1] ** 2 / 2 / WXAI.velocity
    np.testing.assert_allclose(shares[1, -1], velocity, rtol=0.02)


def test_plots_and_the_recording_are_written(tmp_path: Path) -> None:
    episodes = [Episode(**arrays())]
    log = CommandLog(**commands(resets=(11.0,)))
    plot = plot_commands(tmp_path / "commands.png", log, WXAI)
    curve = plot_coverage(tmp_path / "coverage.png", episodes)
    for path in (plot, curve):
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000
    recording = write_recording(tmp_path / "run.rrd", episodes, log)
    assert recording.read_bytes().startswith(b"RRF")


def jumping() -> np.ndarray:
    """Commands at rest, then at rest elsewhere from 11.0 s on."""
    positions = np.tile(WXAI.home, (1000, 1))
    positions[500:] += 0.1
    return positions


def test_a_jump_of_the_commands_is_counted_as_a_violation_and_a_step() -> None:
    found = audited(CommandLog(**commands(jumping())), WXAI)
    assert found["limit_violations"] > 0 and found["command_steps"] > 0
    assert found["largest_share_of_limit"]["velocity"] > 1


def test_a_reset_of_the_simulator_is_no_violation() -> None:
    found = audited(CommandLog(**commands(jumping(), resets=(10.998,))), WXAI)
    assert (found["limit_violations"], found["command_steps"]) == (0, 0)
    assert found["commands_audited"] == 1000


def test_a_report_films_the_best_and_the_worst_and_names_files_that_exist(tmp_path: Path) -> None:
    scores = (0.2, 0.9, 0.5)
    episodes = [
        arrays(seed=np.array(seed), truth_coverage=np.full(21, value))
        for seed, value in enumerate(scores)
    ]
    found = report_run(write_run(tmp_path, episodes, commands()), "extremes")
    names = [Path(path).name for path in found["files"]["videos"]]
    assert names == ["episode_000_seed_0.mp4", "episode_001_seed_1.mp4"]
    for name in ("plot_commands", "plot_coverage", "recording"):
        assert Path(found["files"][name]).is_file()
    assert found["limit_violations"] == 0
    assert found["score_per_episode"] == pytest.approx([value / 0.95 for value in scores])
