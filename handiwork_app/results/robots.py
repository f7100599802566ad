"""Sections on what moves robots: kinematics, gate, executor, planner."""

from collections.abc import Sequence

from handiwork_app.results.answers import Answer, of_command
from handiwork_app.results.table import figures

KINEMATICS = {
    "robot": "{}",
    "solves": "{:,}",
    "success_rate": "{:.4f}",
    "solves_per_s": "{:,.0f}",
    "cpu_solves_per_s": "{:,.0f}",
    "far_solves_per_s": "{:,.0f}",
    "load_average": "{:.1f}",
}
GATE = {
    "robot": "{}",
    "sequences": "{:,}",
    "limit_violations": "{}",
    "motion_after_stop": "{}",
    "refused": "{:,}",
    "step_p50_us": "{:.0f}",
    "step_p99_us": "{:.0f}",
}
EXECUTOR = {
    "robot": "{}",
    "chunks": "{}",
    "chunks_refused": "{}",
    "chunk_to_trajectory_p50_ms": "{:.1f}",
    "chunk_to_trajectory_p99_ms": "{:.1f}",
    "join_position_step_max": "{:.1e}",
    "join_velocity_step_max": "{:.1e}",
    "controller_rate_hz": "{:.0f}",
    "controller_jitter_p99_ms": "{:.2f}",
}
PLANNER = {
    "robot": "{}",
    "scene": "{}",
    "problems": "{}",
    "success_rate": "{:.3f}",
    "latency_p50_ms": "{:.1f}",
    "latency_p90_ms": "{:.1f}",
    "recheck_failures": "{}",
    "plain_ompl_p90_ms": "{:.1f}",
}


def robot_sections(answers: Sequence[Answer]) -> list[str]:
    """Those that there are answers for."""
    sections: list[str] = []
    for title, command, columns in (
        ("Inverse kinematics", "bench kinematics", KINEMATICS),
        ("The gate", "bench gate", GATE),
        ("The executor, with a policy on the same cores", "bench executor", EXECUTOR),
    ):
        found = of_command(answers, command)
        if found:
            sections += [f"## {title}", f"`handiwork {command} robot=R`", figures(found, columns)]
    planner = [row for answer in of_command(answers, "bench planner") for row in answer["rows"]]
    if planner:
        sections += ["## The planner", "`handiwork bench planner`", figures(planner, PLANNER)]
    return sections
