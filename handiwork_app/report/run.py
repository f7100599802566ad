"""The report of a whole run: reads what the nodes left in its folder, adds figures and pictures."""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from handiwork.control.limits import Limits
from handiwork.robots.robot import Robot
from handiwork.robots.wxai import WXAI
from handiwork.safety import audit
from handiwork.tasks.push_t import score
from handiwork_app.report.episodes import CommandLog, Episode, read_commands, read_episodes
from handiwork_app.report.figures import figures, refusals
from handiwork_app.report.movie import write_video
from handiwork_app.report.plots import plot_commands, plot_coverage
from handiwork_app.report.recording import write_recording
from handiwork_app.report.video import episode_frames

Videos = Literal["all", "extremes"]


def report_run(folder: Path, videos: Videos) -> dict[str, Any]:
    """Figures of the run in `folder`; the videos, plots and the recording are written there."""
    episodes, commands = read_episodes(folder), read_commands(folder)
    filmed = list(enumerate(episodes))
    if videos == "extremes":
        ranked = sorted(filmed, key=lambda item: score(item[1].truth_coverage))
        filmed = [ranked[0], ranked[-1]] if len(ranked) > 1 else ranked
    files = {
        "videos": [str(_film(folder, index, episode)) for index, episode in filmed],
        "plot_commands": str(plot_commands(folder / "commands.png", commands, WXAI)),
        "plot_coverage": str(plot_coverage(folder / "coverage.png", episodes)),
        "recording": str(write_recording(folder / "run.rrd", episodes, commands)),
        "log": str(folder / "logs" / "stack.log"),
        "summary": str(folder / "summary.json"),
    }
    return (
        figures(episodes)
        | audited(commands, WXAI)
        | {
            "refusals": refusals(episodes),
            "files": files,
        }
    )


def audited(commands: CommandLog, robot: Robot) -> dict[str, Any]:
    """What the command log did outside the robot's limits, stretch by stretch between resets."""
    stretches = [part for part in commands.stretches() if part.stop - part.start >= 4]
    audits = [
        audit(commands.times[part], commands.positions[part], Limits.of(robot))
        for part in stretches
    ]
    worst = np.max([found.worst for found in audits], axis=0) if audits else np.zeros(3)
    return {
        "limit_violations": sum(found.violations for found in audits),
        "limit_violations_by_kind": {
            kind: sum(getattr(found, kind) for found in audits)
            for kind in ("position", "velocity", "acceleration", "jerk")
        },
        "command_steps": sum(found.steps for found in audits),
        "commands_audited": sum(found.samples for found in audits),
        "largest_share_of_limit": dict(
            zip(("velocity", "acceleration", "jerk"), map(float, worst), strict=True)
        ),
    }


def _film(folder: Path, index: int, episode: Episode) -> Path:
    name = f"episode_{index:03d}_seed_{int(episode.seed)}.mp4"
    return write_video(folder / "videos" / name, episode_frames(episode))
