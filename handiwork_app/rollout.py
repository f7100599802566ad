"""Episodes of a policy in simulated environments, all side by side, without ROS.

Shapes: B episodes, O observed steps, H predicted steps, A action size; an observation maps names to
arrays.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

Observation = Mapping[str, np.ndarray]


class Environment(Protocol):
    """A task that can be acted on, one step at a time."""

    @property
    def over(self) -> bool:
        """Whether the episode is at its end: the task is done, or its time is up."""
        ...

    @property
    def success(self) -> bool:
        """Whether the task is done at this instant."""
        ...

    @property
    def score(self) -> float:
        """How well it is done at this instant, in [0, 1]."""
        ...

    def reset(self, seed: int) -> Observation:
        """Begin the episode that belongs to a seed; what is observed there."""
        ...

    def observe(self) -> Observation:
        """What is observed now, one step."""
        ...

    def step(self, action: np.ndarray) -> None:
        """One period towards an action (A,)."""
        ...

    def picture(self) -> np.ndarray:
        """(height, width, 3) uint8, for people."""
        ...


class Policy(Protocol):
    """What a rollout needs of a policy; `policies.acting.ActingPolicy` is one."""

    def reset(self, seed: int = 0) -> None:
        """Begin again; the same seed gives the same chunks."""
        ...

    def propose_batch(self, observations: Observation, streams: Sequence[int]) -> np.ndarray:
        """(B, O, ...) each -> (B, H, A). streams: a number that each episode keeps, (B,)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which rows of a chunk are acted on; row `observed - 1` is due at the last observation."""

    observed: int  # O
    executed: int


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """One episode: what was reached, and the actions that lead there again, (steps, A)."""

    seed: int
    score: float
    success: bool
    actions: np.ndarray


@dataclass
class _Running:
    """An episode in progress."""

    stream: int
    seed: int
    environment: Environment
    observed: deque[Observation]
    score: float = 0.0
    actions: list[np.ndarray] = field(default_factory=list)


def roll_out(
    make_environment: Callable[[], Environment],
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
    episodes = [_begin(stream, seed, make_environment(), rows) for stream, seed in enumerate(seeds)]
    done = 0
    while running := [episode for episode in episodes if not episode.environment.over]:
        observations = _batch(running)
        before = time.perf_counter()
        chunks = policy.propose_batch(observations, [episode.stream for episode in running])
        seconds = time.perf_counter() - before
        first = rows.observed - 1
        for episode, chunk in zip(running, chunks, strict=True):
            done += _execute(episode, chunk[first : first + rows.executed])
        on_chunk(done, seconds)
    return [
        Rollout(
            seed=episode.seed,
            score=episode.score,
            success=episode.environment.success,
            actions=np.array(episode.actions),
        )
        for episode in episodes
    ]


def pictures(environment: Environment, rollout: Rollout) -> Iterator[np.ndarray]:
    """An episode that was run before, seen: the same seed and actions again."""
    environment.reset(rollout.seed)
    yield environment.picture()
    for action in rollout.actions:
        environment.step(action)
        yield environment.picture()


def _begin(stream: int, seed: int, environment: Environment, rows: Slice) -> _Running:
    first = environment.reset(seed)
    observed = deque([first] * rows.observed, maxlen=rows.observed)
    return _Running(stream, seed, environment, observed)


def _batch(running: Sequence[_Running]) -> dict[str, np.ndarray]:
    """What each of B episodes observed of late, by name (B, O, ...)."""
    return {
        name: np.array([[step[name] for step in episode.observed] for episode in running])
        for name in running[0].observed[0]
    }


def _execute(episode: _Running, actions: np.ndarray) -> int:
    """Apply the rows until the episode is over; how many were applied.

    Only those steps are observed that the policy is shown: looking may cost more than moving.
    """
    environment, last = episode.environment, len(actions) - len(episode.observed)
    for index, action in enumerate(actions):
        if environment.over:
            return index
        environment.step(action)
        if index >= last:
            episode.observed.append(environment.observe())
        episode.score = max(episode.score, environment.score)
        episode.actions.append(action)
    return len(actions)
