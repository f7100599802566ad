"""Plots of a run: joint commands against the robot's limits, and coverage over time."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

from handiwork.robots.robot import Robot
from handiwork.tasks.push_t import SUCCESS_COVERAGE
from handiwork_app.report.episodes import CommandLog, Episode

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

QUANTITIES = ("position", "velocity", "acceleration", "jerk")


def shares_of_limits(times: np.ndarray, positions: np.ndarray, robot: Robot) -> np.ndarray:
    """What is commanded as a share of what is allowed, by finite differences.

    times: (T,) [s], evenly spaced. positions: (T, J) [rad].

    Returns:
        (4, T, J): position (-1 lower limit, 1 upper), velocity, acceleration, jerk. The first
        rows of a derivative, which have no difference yet, are 0.
    """
    middle, half = (robot.upper + robot.lower) / 2, (robot.upper - robot.lower) / 2
    period = float(np.median(np.diff(times)))
    shares = np.zeros((4, *positions.shape))
    shares[0] = (positions - middle) / half
    limits = (robot.velocity, robot.acceleration, robot.jerk)
    for order, limit in enumerate(limits, start=1):
        shares[order, order:] = np.diff(positions, order, axis=0) / period**order / limit
    return shares


def plot_commands(path: Path, commands: CommandLog, robot: Robot) -> Path:
    """Every joint's position, velocity, acceleration and jerk as a share of its limit."""
    figure, axes = plt.subplots(
        4, len(commands.names), figsize=(3 * len(commands.names), 9), sharex=True, sharey=True
    )
    for stretch in commands.stretches():
        times = commands.times[stretch]
        if len(times) < 5:
            continue
        shares = shares_of_limits(times, commands.positions[stretch], robot)
        for row, column in np.ndindex(axes.shape):
            axes[row, column].plot(times, shares[row, :, column], lw=0.5, color="tab:blue")
    for row, column in np.ndindex(axes.shape):
        axes[row, column].axhline(-1, color="tab:red", lw=0.8)
        axes[row, column].axhline(1, color="tab:red", lw=0.8)
        axes[row, column].set_ylim(-1.1, 1.1)
    for column, name in enumerate(commands.names):
        axes[0, column].set_title(name)
        axes[-1, column].set_xlabel("stack time [s]")
    for row, quantity in enumerate(QUANTITIES):
        axes[row, 0].set_ylabel(f"{quantity} / limit")
    figure.suptitle("Joint commands as a share of their limits")
    return _save(figure, path)


def plot_coverage(path: Path, episodes: Sequence[Episode]) -> Path:
    """How much of the goal the T covered, one line per episode."""
    figure, axis = plt.subplots(figsize=(8, 4))
    for episode in episodes:
        times = episode.truth_time - float(episode.start)
        axis.plot(times, episode.truth_coverage, lw=1, label=f"seed {int(episode.seed)}")
    axis.axhline(SUCCESS_COVERAGE, color="tab:green", lw=0.8, ls="--")
    axis.set(xlabel="time in the episode [s]", ylabel="coverage of the goal", ylim=(0, 1))
    if len(episodes) <= 10:
        axis.legend(fontsize="small")
    return _save(figure, path)


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path
