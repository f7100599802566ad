"""Pictures of what perception saw: outlines of objects drawn on colour, and a Rerun recording of
camera, cloud and frames.

Open the recording with `rerun FILE`.
Shapes: poses (4, 4) [m]; K points.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import rerun as rr
import rerun.blueprint as rrb

from handiwork.perception.camera import Camera
from handiwork.perception.known_object import KnownObject
from handiwork.perception.object_tracker import Seen
from handiwork.perception.sighting import Sighting
from handiwork.perception.visibility import visible

FOUND, TRUE = (80, 230, 120), (255, 255, 255)
CLOCK = "picture"


class SightingsReport:
    """Writes pictures as they come; nothing is made before the first."""

    def __init__(self, folder: Path, library: Mapping[str, KnownObject]) -> None:
        self._folder, self._library = folder, library
        self._stream: rr.RecordingStream | None = None
        self._pictures: list[str] = []

    def add(
        self,
        number: int,
        sighting: Sighting,
        points: np.ndarray,
        seen: Seen,
        truth: Mapping[str, np.ndarray],
    ) -> None:
        """One picture: found poses, true ones by name, and the cloud (K, 3) in base [m]."""
        drawn = outlined(sighting, seen, self._library)
        path = self._folder / "pictures" / f"{number:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), drawn[..., ::-1])
        self._pictures.append(str(path))
        stream = self._recording(sighting.camera)
        stream.set_time(CLOCK, sequence=number)
        stream.log("base/camera/colour", rr.Image(drawn))
        stream.log("base/camera/depth", rr.DepthImage(sighting.depth, meter=1000.0))
        stream.log("base/cloud", rr.Points3D(points, radii=0.0015, colors=[150, 150, 160]))
        stream.log("why", rr.TextLog("; ".join(seen.missing.values()) or "all found"))
        found = {name: pose.base_from_object for name, pose in seen.found.items()}
        for name in truth:
            self._log_object(stream, f"base/found/{name}", name, found.get(name), FOUND)
            self._log_object(stream, f"base/true/{name}", name, truth[name], TRUE)

    def close(self) -> dict[str, object]:
        """What was written, by what it is."""
        if self._stream is None:
            return {}
        self._stream.flush()
        self._stream.disconnect()
        return {"recording": str(self._folder / "poses.rrd"), "pictures": self._pictures}

    def _log_object(
        self,
        stream: rr.RecordingStream,
        path: str,
        name: str,
        pose: np.ndarray | None,
        colour: tuple[int, int, int],
    ) -> None:
        if pose is None:
            stream.log(path, rr.Clear(recursive=True))
            return
        mesh = self._library[name].mesh
        stream.log(path, rr.Transform3D(translation=pose[:3, 3], mat3x3=pose[:3, :3]))
        edges = mesh.vertices[mesh.triangles[:, [0, 1, 2, 0]]]
        stream.log(f"{path}/mesh", rr.LineStrips3D(edges, colors=[colour], radii=0.0004))
        stream.log(f"{path}/axes", rr.Arrows3D(vectors=0.04 * np.eye(3), colors=np.eye(3)))

    def _recording(self, camera: Camera) -> rr.RecordingStream:
        if self._stream is not None:
            return self._stream
        self._stream = rr.RecordingStream("handiwork_poses")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stream.save(self._folder / "poses.rrd", default_blueprint=_layout())
        place = camera.base_from_optical
        self._stream.log(
            "base/camera",
            rr.Transform3D(translation=place[:3, 3], mat3x3=place[:3, :3]),
            rr.Pinhole(image_from_camera=camera.k, width=camera.width, height=camera.height),
            static=True,
        )
        return self._stream


def outlined(sighting: Sighting, seen: Seen, library: Mapping[str, KnownObject]) -> np.ndarray:
    """(H, W, 3) uint8: the picture with the outline, name and axes of every object found."""
    grey = np.minimum(sighting.depth // 5, 255).astype(np.uint8)
    picture = (np.dstack([grey] * 3) if sighting.rgb is None else sighting.rgb).copy()
    for name, pose in seen.found.items():
        _draw(picture, library[name], pose.base_from_object, sighting.camera)
    return picture


def _draw(picture: np.ndarray, thing: KnownObject, pose: np.ndarray, camera: Camera) -> None:
    shown = thing.surface.points[visible(thing.surface, pose, camera)]
    pixels = camera.project(shown @ pose[:3, :3].T + pose[:3, 3])
    mask = np.zeros(picture.shape[:2], np.uint8)
    column, row = np.rint(pixels[np.isfinite(pixels).all(axis=1)]).astype(int).T
    inside = (column >= 0) & (column < camera.width) & (row >= 0) & (row < camera.height)
    mask[row[inside], column[inside]] = 255
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, contours, -1, FOUND, 1)
    ends = np.vstack([np.zeros(3), 0.04 * np.eye(3)]) @ pose[:3, :3].T + pose[:3, 3]
    origin, *axes = camera.project(ends)
    if not np.isfinite(ends).all() or not np.isfinite([origin, *axes]).all():
        return
    for axis, colour in zip(axes, ((255, 60, 60), (60, 255, 60), (90, 120, 255)), strict=True):
        cv2.line(picture, _pixel(origin), _pixel(axis), colour, 1, cv2.LINE_AA)
    place = _pixel(origin + np.array([8, 16]))
    cv2.putText(picture, thing.name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, FOUND, 1, cv2.LINE_AA)


def _pixel(place: np.ndarray) -> tuple[int, int]:
    return round(float(place[0])), round(float(place[1]))


def _layout() -> rrb.Blueprint:
    return rrb.Blueprint(
        rrb.Horizontal(
            rrb.Spatial3DView(origin="base", name="base frame"),
            rrb.Vertical(
                rrb.Spatial2DView(origin="base/camera/colour", name="colour, outlines as found"),
                rrb.Spatial2DView(origin="base/camera/depth", name="depth"),
                rrb.TextLogView(origin="why", name="what was not found, and why"),
            ),
        )
    )
