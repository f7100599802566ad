"""Whether a joint can be in a wanted state one tick from now inside its limits.

Two states give the area and the first moments over the tick of the acceleration (two of them) and
of the jerk (three). A function between two bounds can have only certain moments: with its area
given, the first moment is extreme where the function touches one bound on an interval at an end;
with the first moment given too, the second moment is least where it touches the upper bound on one
interval only, and greatest where it does so outside one interval. So the conditions below are
exact: every motion that keeps the limits passes, wherever in the tick its jerk changes. And divided
differences of what was sent are sums of these moments, so they keep the limits as well.

Source: the moment problem of bounded functions (Akhiezer & Krein's L-problem); derived here.
"""

State = tuple[float, float, float]  # position [rad], velocity [rad/s], acceleration [rad/s^2]


def fits_acceleration(start: State, end: State, tick: float, acceleration: float) -> bool:
    """Whether some acceleration of at most `acceleration` [rad/s^2] moves start to end so far."""
    p, v, _ = start
    gained = acceleration * tick
    # Moments of (a + limit) / (2 limit), in units of the tick counted from its end.
    whole = ((end[1] - v) / gained + 1) / 2
    first = ((end[0] - p - v * tick) / (gained * tick) + 0.5) / 2
    return 0.0 < whole < 1.0 and whole / 2 <= first / whole <= 1 - whole / 2


def fits_jerk(start: State, end: State, tick: float, jerk: float) -> bool:
    """Whether some jerk of at most `jerk` [rad/s^3] leads from start to end in `tick` [s]."""
    p, v, a = start
    gained = jerk * tick
    whole = ((end[2] - a) / gained + 1) / 2
    gained *= tick
    first = ((end[1] - v - a * tick) / gained + 0.5) / 2
    gained *= tick
    second = (end[0] - p - tick * (v + tick * a / 2)) / gained + 1 / 6
    if not 0.0 < whole < 1.0:
        return False
    mean = first / whole
    if not whole / 2 <= mean <= 1 - whole / 2:
        return False
    if second < whole * (mean * mean + whole * whole / 12):
        return False
    rest = 1 - whole
    mean = (0.5 - first) / rest
    return 1 / 3 - second >= rest * (mean * mean + rest * rest / 12)
