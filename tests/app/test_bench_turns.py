"""Turns: everybody is measured alike, in one run, and only what should count counts."""

from collections.abc import Callable, Iterator

import pytest

from handiwork_app.bench.turns import COUNTED, FEWEST, take_turns


class World:
    """A clock that only the contestants' work moves on, and a diary of who worked."""

    def __init__(self) -> None:
        self.now = 0.0
        self.diary: list[str] = []

    def worker(self, name: str, durations: Iterator[float]) -> Callable[[], float]:
        def work() -> float:
            took = next(durations)
            self.now += took
            self.diary.append(name)
            return took

        return work


def endless(first: float, later: float) -> Iterator[float]:
    """The first call of each turn of a fast worker takes longer."""
    while True:
        yield first
        for _ in range(COUNTED):
            yield later


def test_the_first_call_of_a_turn_does_not_count():
    world = World()
    times = take_turns(
        {"a": world.worker("a", endless(0.4, 0.1))}, seconds=5.0, clock=lambda: world.now
    )
    assert set(times["a"]) == {0.1} and len(times["a"]) == len(world.diary) * 3 // 4


def test_a_slow_one_is_not_warmed_up_in_vain():
    world = World()
    times = take_turns(
        {"slow": world.worker("slow", iter([2.0] * 9))}, seconds=8.0, clock=lambda: world.now
    )
    assert times["slow"] == [2.0] * 4


def test_all_take_as_many_turns_in_changing_order():
    world = World()
    workers = {name: world.worker(name, endless(0.1, 0.1)) for name in "abc"}
    times = take_turns(workers, seconds=60.0, clock=lambda: world.now)
    assert len({len(item) for item in times.values()}) == 1
    turns = world.diary[:: COUNTED + 1]
    rounds = {tuple(turns[start : start + 3]) for start in range(0, len(turns), 3)}
    assert all(sorted(item) == ["a", "b", "c"] for item in rounds) and len(rounds) > 3


def test_a_host_that_slows_down_slows_all_down_alike():
    """Between rounds the machine becomes ten times slower; the ratio of medians does not move."""
    world = World()

    def worker(cost: float) -> Callable[[], float]:
        def work() -> float:
            took = cost * (1.0 if world.now < 3.0 else 10.0)
            world.now += took
            return took

        return work

    times = take_turns({"a": worker(0.01), "b": worker(0.02)}, 6.0, clock=lambda: world.now)
    medians = [sorted(item)[len(item) // 2] for item in times.values()]
    assert medians[1] / medians[0] == pytest.approx(2.0, rel=0.1)


def test_there_are_a_few_turns_however_short_the_time():
    world = World()
    times = take_turns(
        {"a": world.worker("a", endless(0.1, 0.1))}, seconds=1e-9, clock=lambda: world.now
    )
    assert len(times["a"]) == FEWEST * COUNTED
