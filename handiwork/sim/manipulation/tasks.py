"""The manipulation tasks by name."""

from collections.abc import Mapping

from handiwork.sim.manipulation.insertion import Insertion
from handiwork.sim.manipulation.lift import Lift
from handiwork.sim.manipulation.pick_place import PickPlace
from handiwork.sim.manipulation.stack import Stack
from handiwork.sim.manipulation.task import Task

TASKS: Mapping[str, Task] = {
    task.name: task for task in (Lift(), PickPlace(), Stack(), Insertion())
}
