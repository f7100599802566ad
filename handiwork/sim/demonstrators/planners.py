"""How each manipulation task is demonstrated, by the task's name."""

from collections.abc import Mapping

from handiwork.sim.demonstrators.insertion import plan_insertion
from handiwork.sim.demonstrators.lift import plan_lift
from handiwork.sim.demonstrators.pick_place import plan_pick_place
from handiwork.sim.demonstrators.stack import plan_stack
from handiwork.sim.demonstrators.stages import Planner

PLANNERS: Mapping[str, Planner] = {
    "lift": plan_lift,
    "pick_place": plan_pick_place,
    "stack": plan_stack,
    "insertion": plan_insertion,
}
