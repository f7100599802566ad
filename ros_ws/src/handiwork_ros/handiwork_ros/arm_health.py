"""What an arm server says of its loop on /diagnostics."""

from handiwork_ros.arm_loop import ArmLoop
from handiwork_ros.diagnostics import Diagnostics, Level


def report_health(diagnostics: Diagnostics, loop: ArmLoop, active: bool, slow: float) -> None:
    """A driver that failed or an arm that stopped, then a slow loop; slow: share of its rate."""
    figures, rate = loop.statistics(), loop.driver.rate
    diagnostics.measure("rate_hz", figures.rate_hz)
    diagnostics.measure("jitter_p99_ms", figures.jitter_p99_ms)
    diagnostics.measure("stalls", str(figures.stalls))
    if loop.failure is not None:
        diagnostics.report(Level.ERROR, str(loop.failure))
    elif not active:
        diagnostics.report(Level.OK, "Inactive: holding the arm.")
    elif not loop.enabled:
        reason = loop.reason.rstrip(".")
        diagnostics.report(Level.ERROR, f"The arm is {loop.state.value}: {reason}. Enable it.")
    elif figures.ticks > rate and figures.rate_hz < slow * rate:
        diagnostics.report(
            Level.WARN,
            f"the loop runs at {figures.rate_hz:.0f} Hz, want {rate:.0f} Hz. "
            "Give the machine less to do.",
        )
    else:
        diagnostics.report(Level.OK, "Running.")
