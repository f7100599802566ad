"""Episodes of Push-T in the published environment, several at a time, without ROS.

Source: gym-pusht 0.1.8 (`gym_pusht/PushT-v0`): 300 steps of 0.1 s; an episode's score is the
maximum over its steps of min(coverage / 0.95, 1), which is the environment's reward.
Shapes: B episodes, O observed steps, H predicted steps.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from handiwork.data.push_t import observation

STEPS = 300


class Policy(Protocol):
    """What a rollout needs of a policy; `policies.acting.ActingPolicy` is one."""

    def reset(self, seed: int = 0) -> None:
        """Begin again; the same seed gives the same chunks."""
        ...

    def propose_batch(self, observations: np.ndarray) -> np.ndarray:
        """(B, O, 18) [px] -> (B, H, 2) targets [px]."""
        ...


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which rows of a chunk are acted on; row `observed - 1` is due at the last observation."""

    observed: int  # O
    executed: int


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """One episode: what was reached, and the actions that lead there again."""

    seed: int
    score: float
    success: bool
    actions: np.ndarray  # (steps, 2) [px]


@dataclass
class _Running:
    """An episode in progress."""

    seed: int
    environment: Any
    observed: deque[np.ndarray]
    rewards: list[float] = field(default_factory=list)
    actions: list[np.ndarray] = field(default_factory=list)
    terminated: bool = False

    @property
    def over(self) -> bool:
        return self.terminated or len(self.actions) >= STEPS


def make_environment(render_mode: str | None = None) -> Any:
    """The published environment, drawn without a display."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    import gym_pusht  # noqa: F401, registers the environment
    import gymnasium

    return gymnasium.make(
        "gym_pusht/PushT-v0",
        obs_type="state",
        max_episode_steps=STEPS,
        render_mode=render_mode,
    )


def roll_out(
    policy: Policy,
    rows: Slice,
    seeds: Sequence[int],
    on_chunk: Callable[[int, float], None] = lambda steps, seconds: None,
) -> list[Rollout]:
    """Run one episode per seed, all side by side, one policy call for all that still run.

    The result is a function of the policy and of `seeds`, order included.

    Args:
        on_chunk: told after each call of the policy: environment steps done by all, and how long
            the call took [s].
    """
    policy.reset(seeds[0])
    episodes = [_begin(seed, rows.observed) for seed in seeds]
    done = 0
    while running := [episode for episode in episodes if not episode.over]:
        observations = np.array([list(episode.observed) for episode in running])  # (B, O, 18)
        before = time.perf_counter()
        chunks = policy.propose_batch(observations)
        seconds = time.perf_counter() - before
        first = rows.observed - 1
        for episode, chunk in zip(running, chunks, strict=True):
            done += _execute(episode, chunk[first : first + rows.executed])
        on_chunk(done, seconds)
    return [_finished(episode) for episode in episodes]


def frames(rollout: Rollout) -> Iterator[np.ndarray]:
    """Pictures (680, 680, 3) uint8 of an episode run before: the same seed and actions again."""
    environment = make_environment(render_mode="rgb_array")
    environment.reset(seed=rollout.seed)
    yield environment.render()
    for action in rollout.actions:
        environment.step(action)
        yield environment.render()
    environment.close()


def _begin(seed: int, observed_steps: int) -> _Running:
    environment = make_environment()
    state, _ = environment.reset(seed=seed)
    first = observation(state[:2], state[2:])
    return _Running(seed, environment, deque([first] * observed_steps, maxlen=observed_steps))


def _execute(episode: _Running, actions: np.ndarray) -> int:
    """Apply the rows until the episode is over; how many were applied."""
    for count, action in enumerate(actions):
        if episode.over:
            return count
        action = np.clip(action, 0.0, 512.0).astype(np.float32)  # the environment's action space
        state, reward, episode.terminated, _, _ = episode.environment.step(action)
        episode.observed.append(observation(state[:2], state[2:]))
        episode.rewards.append(float(reward))
        episode.actions.append(action)
    return len(actions)


def _finished(episode: _Running) -> Rollout:
    episode.environment.close()
    return Rollout(
        seed=episode.seed,
        score=max(episode.rewards),
        success=episode.terminated,
        actions=np.array(episode.actions),
    )
