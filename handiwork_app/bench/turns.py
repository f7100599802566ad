"""Times of several contestants that take turns, so that the machine's moods meet them all alike.

Each turn of a fast one begins with a call that is not counted: the caches and threads of the one
before are its own again by then, as they are for a robot's policy, which has the machine to itself.
"""

import random
import time
from collections.abc import Callable, Mapping

Measure = Callable[[], float]  # does it once and says how long it took [s]

COUNTED = 3  # calls of a turn that count
SLOW = 0.5  # [s] a call of this length warms itself up: its turn is one call
FEWEST = 3  # turns of everybody, whatever the time


def take_turns(
    measures: Mapping[str, Measure],
    seconds: float,
    seed: int = 0,
    clock: Callable[[], float] = time.monotonic,
    on_turn: Callable[[float], None] = lambda share: None,
) -> dict[str, list[float]]:
    """Seconds of each counted call by name, of whole rounds in shuffled order.

    seconds: no round begins after these. on_turn: told the share of the time that is over.
    """
    shuffled = random.Random(seed)
    times: dict[str, list[float]] = {name: [] for name in measures}
    names, begun, rounds = list(measures), clock(), 0
    while rounds < FEWEST or clock() - begun < seconds:
        shuffled.shuffle(names)
        for name in names:
            times[name] += _turn(measures[name])
            on_turn(min((clock() - begun) / seconds, 1.0))
        rounds += 1
    return times


def _turn(measure: Measure) -> list[float]:
    first = measure()
    return [first] if first > SLOW else [measure() for _ in range(COUNTED)]
