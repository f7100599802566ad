"""A video of an episode: what the camera saw, what the policy proposed, and how far the T is home.

Green: the T as the camera was understood. White to orange: the rows of the chunk that came from
this very image, first to last.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from handiwork.errors import BadValue
from handiwork.perception.camera import Camera
from handiwork.tasks.push_t import SUCCESS_COVERAGE, TableSquare, score, transform
from handiwork_app.report.episodes import EVALUATE_AGAIN, Episode
from handiwork_app.report.movie import RATE

WIDTH, HEIGHT, VIEW = 960, 540, 720  # [px] whole picture, and the camera's part of it
BLOCK_HEIGHT, TIP_HEIGHT = 0.03, 0.008  # [m] above the table: the T's top, the chunk's plane
GREEN, ORANGE, WHITE, GREY, DARK = (80, 220, 120), (255, 140, 30), (255,) * 3, (120,) * 3, (24,) * 3
FONT = cv2.FONT_HERSHEY_SIMPLEX


def episode_frames(episode: Episode) -> Iterator[np.ndarray]:
    """The pictures of an episode at an even rate, each (HEIGHT, WIDTH, 3) uint8 RGB."""
    if not len(episode.image_time):
        return
    width, height = (int(size) for size in episode.camera_size)
    camera = Camera(
        k=episode.camera_k,
        width=width,
        height=height,
        base_from_optical=episode.camera_base_from_optical,
    )
    for now in np.arange(float(episode.image_time[0]), float(episode.end), 1 / RATE):
        index = int(np.searchsorted(episode.image_time, now, side="right")) - 1
        yield frame(episode, camera, index, float(now))


def frame(episode: Episode, camera: Camera, index: int, now: float) -> np.ndarray:
    """One picture: image `index` with what belongs to it, and the panel at `now`."""
    view = cv2.imdecode(episode.jpeg(index), cv2.IMREAD_COLOR_RGB)
    if view is None:
        raise BadValue("episode", f"image {index}", "unreadable", "a JPEG", EVALUATE_AGAIN)
    stamp = episode.image_time[index]
    pose = _newest(episode.estimate_time, stamp)
    if pose is not None:
        outline = _outline(episode.estimate_pose[pose])
        _draw_path(view, camera.project(outline), GREEN, closed=True)
    chunk = _newest(episode.chunk_observed, stamp)
    if chunk is not None:
        _draw_chunk(view, camera, episode.chunk_rows[chunk])
    picture = np.full((HEIGHT, WIDTH, 3), DARK, np.uint8)
    picture[:, :VIEW] = cv2.resize(view, (VIEW, HEIGHT), interpolation=cv2.INTER_AREA)
    _draw_panel(picture, episode, now)
    return picture


def _newest(times: np.ndarray, now: float) -> int | None:
    """Index of the last entry that is not after `now`."""
    index = int(np.searchsorted(times, now + 1e-6, side="right")) - 1
    return index if index >= 0 else None


def _outline(pose: np.ndarray) -> np.ndarray:
    """Outline of the T's top at (3,) x, y, angle in base -> (8, 3) [m]."""
    flat = transform(TableSquare().outline(), pose)
    return np.column_stack([flat, np.full(len(flat), BLOCK_HEIGHT)])


def _draw_path(
    view: np.ndarray, points_px: np.ndarray, colour: tuple[int, ...], closed: bool
) -> None:
    points = np.round(points_px * 16).astype(np.int32)  # 4 bits of fraction
    cv2.polylines(view, [points], closed, colour, 2, cv2.LINE_AA, shift=4)


def _draw_chunk(view: np.ndarray, camera: Camera, rows: np.ndarray) -> None:
    points = camera.project(np.column_stack([rows, np.full(len(rows), TIP_HEIGHT)]))
    _draw_path(view, points, GREY, closed=False)
    for share, point in zip(np.linspace(0, 1, len(points)), points, strict=True):
        colour = tuple((1 - share) * np.array(WHITE) + share * np.array(ORANGE))
        cv2.circle(view, tuple(np.round(point * 16).astype(int)), 56, colour, -1, cv2.LINE_AA, 4)


def _draw_panel(picture: np.ndarray, episode: Episode, now: float) -> None:
    left, right = VIEW + 20, WIDTH - 20
    past = episode.truth_coverage[episode.truth_time <= now]
    covered = float(past[-1]) if len(past) else 0.0
    best = score(past) if len(past) else 0.0
    lines = (
        (f"seed {int(episode.seed)}", 40, GREY),
        (f"time {now - float(episode.start):5.1f} s", 75, WHITE),
        (f"coverage {covered:.2f}", 110, WHITE),
        (f"score {best:.2f}", 145, ORANGE),
        ("coverage over time", 262, GREY),
        ("green: T as seen", 490, GREEN),
        ("dots: proposed path", 515, ORANGE),
    )
    for text, y, colour in lines:
        cv2.putText(picture, text, (left, y), FONT, 0.55, colour, 1, cv2.LINE_AA)
    _draw_bar(picture, (left, 180, right, 210), covered)
    _draw_curve(picture, (left, 280, right, 440), episode, now)


def _draw_bar(picture: np.ndarray, box: tuple[int, int, int, int], share: float) -> None:
    left, top, right, bottom = box
    goal = int(left + SUCCESS_COVERAGE * (right - left))
    end = int(left + np.clip(share, 0, 1) * (right - left))
    cv2.rectangle(picture, (left, top), (end, bottom), GREEN, -1)
    cv2.rectangle(picture, (left, top), (right, bottom), GREY, 1)
    cv2.line(picture, (goal, top - 4), (goal, bottom + 4), WHITE, 1)


def _draw_curve(
    picture: np.ndarray, box: tuple[int, int, int, int], episode: Episode, now: float
) -> None:
    left, top, right, bottom = box
    cv2.rectangle(picture, (left, top), (right, bottom), GREY, 1)
    duration = max(float(episode.end - episode.start), 1e-9)
    past = episode.truth_time <= now
    share = (episode.truth_time[past] - float(episode.start)) / duration
    x = left + np.clip(share, 0, 1) * (right - left)
    y = bottom - np.clip(episode.truth_coverage[past], 0, 1) * (bottom - top)
    _draw_path(picture, np.column_stack([x, y]), GREEN, closed=False)
