"""Sections on what sees: camera, transport, clouds, poses of objects, and calibrations."""

from collections.abc import Mapping, Sequence

from handiwork_app.results.answers import Answer, of_command
from handiwork_app.results.table import figures

CAMERA = {
    "source": "{}",
    "frames": "{:,}",
    "lost": "{}",
    "stamp_to_subscriber_p50_ms": "{:.1f}",
    "stamp_to_subscriber_p95_ms": "{:.1f}",
    "cores": "{:.2f}",
    "load_average": "{:.1f}",
}
TRANSPORT = {
    "cameras": "{}",
    "subscribers": "{}",
    "profile": "{}",
    "latency_p50_ms": "{:.1f}",
    "latency_p99_ms": "{:.1f}",
    "received": "{:,}",
    "lost": "{:,}",
}
PERCEPTION = {
    "cloud_p50_ms": "{:.1f}",
    "open3d_chain_p50_ms": "{:.0f}",
    "ratio": "{:.1f}",
    "pipeline_hz": "{:.1f}",
    "load_average": "{:.1f}",
}
POSES = {
    "object": "{}",
    "pictures": "{}",
    "median_mm": "{:.2f}",
    "p95_mm": "{:.2f}",
    "median_deg": "{:.2f}",
    "p95_deg": "{:.2f}",
    "refused_rate": "{:.3f}",
}
CALIBRATION = {
    "robot": "{}",
    "kind": "{}",
    "error_mm": "{:.3f}",
    "error_deg": "{:.4f}",
    "views": "{}",
    "residual_mm_median": "{:.3f}",
    "cross_validated_mm": "{:.3f}",
}
HANDS = {
    "frames": "{}",
    "detected_rate": "{:.3f}",
    "median_reprojection_px": "{:.2f}",
}


def eye_sections(answers: Sequence[Answer]) -> list[str]:
    """Those that there are answers for."""
    taken = [one for one in of_command(answers, "calibrate hand_eye") if "error_mm" in one]
    parts: list[tuple[str, str, Sequence[Answer], Mapping[str, str]]] = [
        ("The camera node", "bench camera", of_command(answers, "bench camera"), CAMERA),
        ("How images travel", "bench transport", _rows(answers, "bench transport"), TRANSPORT),
        ("Clouds", "bench perception", of_command(answers, "bench perception"), PERCEPTION),
        ("Poses of objects", "bench poses", _rows(answers, "bench poses"), POSES),
        ("Calibrations that an arm took itself", "calibrate hand_eye --auto", taken, CALIBRATION),
        ("A hand, seen twice", "bench hands", of_command(answers, "bench hands"), HANDS),
    ]
    sections = []
    for title, command, found, columns in parts:
        if found:
            sections += [f"## {title}", f"`handiwork {command}`", figures(found, columns)]
    return sections


def _rows(answers: Sequence[Answer], command: str) -> list[Answer]:
    return [row for answer in of_command(answers, command) for row in answer["rows"]]
