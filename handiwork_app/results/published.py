"""Figures from the papers, to stand beside ours."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a paper says of a method on a task.

    best, mean: of the best checkpoint, and the mean over the last or best ones.
    """

    best: float | None
    mean: float | None
    source: str

    def __str__(self) -> str:
        shown = ["–" if value is None else f"{value:.2f}" for value in (self.best, self.mean)]
        return f"{shown[0]} / {shown[1]} [{self.source}]"


DP = "DP: arXiv:2303.04137, tables 1 and 2, CNN"
SDP = "SDP: arXiv:2406.04806, figure 4, read at second hand"
CARP = "CARP: arXiv:2412.06782, tables 1 and 2"
SOURCES = {"DP": DP, "SDP": SDP, "CARP": CARP}

# (task, obs, policy); the papers' Lift, Can and Square of robomimic stand for our own tasks of that
# kind, which have another robot, other objects and scripted demonstrations.
FIGURES = {
    ("push_t", "state", "diffusion"): Published(best=0.95, mean=0.91, source="DP"),
    ("push_t", "image", "diffusion"): Published(best=0.91, mean=0.84, source="DP"),
    ("push_t", "state", "streaming"): Published(best=None, mean=0.90, source="SDP"),
    ("lift", "state", "diffusion"): Published(best=1.00, mean=0.98, source="DP"),
    ("pick_place", "state", "diffusion"): Published(best=1.00, mean=0.96, source="DP"),
    ("insertion", "state", "diffusion"): Published(best=1.00, mean=0.93, source="DP"),
    ("lift", "state", "carp"): Published(best=1.00, mean=None, source="CARP"),
    ("pick_place", "state", "carp"): Published(best=1.00, mean=None, source="CARP"),
    ("insertion", "state", "carp"): Published(best=0.98, mean=None, source="CARP"),
}
