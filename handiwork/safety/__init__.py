"""The gate, last before any wire; the check of whole trajectories; the audit of what was sent."""

from handiwork.safety.command_audit import Audit, audit
from handiwork.safety.gate import Gate
from handiwork.safety.gate_values import GateConfig, GatedCommand, GateRecord
from handiwork.safety.latch import GateState
from handiwork.safety.trajectory_check import check, check_tool
from handiwork.safety.volumes import Ball, KeepIn, KeepOut, room_left
from handiwork.safety.watch import Watch
from handiwork.safety.workspace import Workspace

__all__ = [
    "Audit",
    "Ball",
    "Gate",
    "GateConfig",
    "GateRecord",
    "GateState",
    "GatedCommand",
    "KeepIn",
    "KeepOut",
    "Watch",
    "Workspace",
    "audit",
    "check",
    "check_tool",
    "room_left",
]
