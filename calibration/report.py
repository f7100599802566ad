"""A calibration as one HTML page that needs nothing else: figures, plots, reprojections.

Shapes: K corners.
"""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import cv2
import numpy as np

from calibration.hand_eye import HandEye, Residual
from calibration.views import View, ViewSet
from handiwork.geometry import inverse

_STYLE = """body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:left}
td{font-variant-numeric:tabular-nums}img{max-width:100%;border:1px solid #ccc}
figure{display:inline-block;width:46%;margin:1%;vertical-align:top}svg{max-width:100%}
.out{color:#b00020}"""
_LARGEST = 640  # [px] width of a picture in the page
_SEEN, _PREDICTED = (0, 160, 0), (30, 30, 220)  # blue, green, red


def report(viewset: ViewSet, found: HandEye, title: str) -> str:
    """The page, with a picture for every view that has corners."""
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(title)}</title>",
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>",
        _figures(found),
        "<h2>Transform</h2><pre>"
        + escape(np.array2string(found.transform, precision=6))
        + "</pre>",
        "<h2>Standard deviations</h2>" + _deviations(found),
        "<h2>Cross-validated error</h2>" + _comparison(found),
        "<h2>Board's place by each view</h2>" + bars(found.residuals, "mm"),
        "<h2>Board's orientation by each view</h2>" + bars(found.residuals, "deg"),
    ]
    if found.left_out:
        rows = [f"<li>{escape(name)}: {escape(why)}" for name, why in found.left_out.items()]
        parts.append("<h2>Left out</h2><ul>" + "".join(rows) + "</ul>")
    drawn = [_figure(viewset, view, found) for view in viewset.views if view.detection is not None]
    if drawn:
        parts.append("<h2>Corners: seen (green circles), predicted (red crosses)</h2>")
    return "\n".join([*parts, *drawn, "</html>\n"])


def bars(residuals: Sequence[Residual], unit: str) -> str:
    """A bar for every view, as SVG; outliers in red."""
    values = [getattr(one, unit) for one in residuals]
    top = max(*values, 1e-9)
    step, height = 640 / len(values), 160
    drawn = [f"<svg viewBox='0 0 700 {height + 60}' role='img'>"]
    for number, (one, value) in enumerate(zip(residuals, values, strict=True)):
        x, tall = 50 + number * step, height * value / top
        colour = "#b00020" if one.outlier else "#33691e"
        drawn.append(
            f"<rect x='{x:.1f}' y='{10 + height - tall:.1f}' width='{step * 0.8:.1f}' "
            f"height='{tall:.1f}' fill='{colour}'><title>{escape(one.name)}: {value:.3f} {unit}"
            f"</title></rect><text font-size='9' transform='translate({x + step / 3:.1f} "
            f"{height + 16}) rotate(45)'>{escape(one.name)}</text>"
        )
    drawn.append(f"<text x='0' y='16' font-size='11'>{top:.2f} {unit}</text></svg>")
    return "".join(drawn)


def overlay(viewset: ViewSet, view: View, predicted: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 the view's image, or paper where there is none, with corners (K, 2) [px]."""
    if viewset.camera is None or view.detection is None:
        raise ValueError("corners need the camera")
    size = (viewset.camera.height, viewset.camera.width, 3)
    image = cv2.imread(str(view.image)) if view.image is not None else None
    canvas = np.full(size, 245, np.uint8) if image is None else image
    for column, row in view.detection.corners.round().astype(int).tolist():
        cv2.circle(canvas, (column, row), 6, _SEEN, 1, cv2.LINE_AA)
    for column, row in np.clip(predicted, -1e4, 1e4).round().astype(int).tolist():
        cv2.drawMarker(canvas, (column, row), _PREDICTED, cv2.MARKER_TILTED_CROSS, 8, 1)
    return canvas


def _figure(viewset: ViewSet, view: View, found: HandEye) -> str:
    camera, board, seen = viewset.camera, viewset.board, view.detection
    if camera is None or board is None or seen is None:
        return ""
    hand = view.base_from_gripper
    parent_from_anchor = inverse(hand) if found.kind == "eye_in_hand" else hand
    placed = inverse(found.transform) @ parent_from_anchor @ found.board
    predicted = camera.project(board.points(seen.ids) @ placed[:3, :3].T + placed[:3, 3])
    canvas = overlay(viewset, view, predicted)
    if canvas.shape[1] > _LARGEST:
        canvas = cv2.resize(
            canvas, None, fx=_LARGEST / canvas.shape[1], fy=_LARGEST / canvas.shape[1]
        )
    picture = base64.b64encode(cv2.imencode(".png", canvas)[1].tobytes()).decode()
    by_name = {one.name: one for one in found.residuals}
    said = f"{view.name}: {len(seen.ids)} corners"
    if view.name in by_name and by_name[view.name].px is not None:
        said += f", {by_name[view.name].px:.2f} px"
    return (
        f"<figure><img alt='{escape(view.name)}' src='data:image/png;base64,{picture}'>"
        f"<figcaption>{escape(said)}</figcaption></figure>"
    )


def _figures(found: HandEye) -> str:
    outliers = ", ".join(found.outliers) or "none"
    turned = np.degrees(found.turning.across)
    rows = (
        ("kind", found.kind),
        ("views that agree", str(len(found.residuals) - len(found.outliers))),
        ("outliers", outliers),
        (
            "median residual",
            f"{found.residual_mm_median:.2f} mm, {found.residual_deg_median:.3f} deg",
        ),
        ("refinement", found.refinement),
        ("turned about other than the main axis", f"{turned:.0f} deg. {found.turning.advice}"),
        ("distances fit the robot's times", f"{found.scale[0]:.4f} +- {found.scale[1]:.4f}"),
    )
    return _table(rows)


def _deviations(found: HandEye) -> str:
    place, turn = np.split(np.sqrt(np.diag(found.covariance)), 2)
    axes = ("x", "y", "z")
    rows = [
        (f"place, {axis}", f"{value * 1e3:.3f} mm") for axis, value in zip(axes, place, strict=True)
    ]
    rows += [
        (f"turn about {axis}", f"{np.degrees(value):.4f} deg")
        for axis, value in zip(axes, turn, strict=True)
    ]
    return _table(rows)


def _comparison(found: HandEye) -> str:
    rows = [
        (name, "too few views" if error is None else f"{error:.3f} mm")
        for name, error in found.compared_mm.items()
    ]
    return _table(rows)


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}" for name, value in rows)
    return f"<table>{cells}</table>"


def write_report(viewset: ViewSet, found: HandEye, title: str, path: Path) -> Path:
    """Writes the page; makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(viewset, found, title))
    return path
