"""What went wrong with a request to plan, in move_group's error codes.

Source: moveit_msgs 2.7.1, MoveItErrorCodes.
"""

from moveit_msgs.msg import MoveItErrorCodes

from handiwork.errors import (
    HandiworkError,
    InCollision,
    NoPath,
    OutsideLimits,
    UnknownName,
    Unreachable,
)

CODES = MoveItErrorCodes
SOURCE = "handiwork planner"


class RefusedRequest(HandiworkError):
    """A request that asks for what this planner does not do, or not that way; `code` says which."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def succeeded() -> MoveItErrorCodes:
    """Nothing went wrong."""
    return MoveItErrorCodes(val=CODES.SUCCESS, source=SOURCE)


def failed(error: HandiworkError) -> MoveItErrorCodes:
    """The code nearest to an error, with its sentence."""
    return MoveItErrorCodes(val=_code(error), message=str(error), source=SOURCE)


def _code(error: HandiworkError) -> int:
    match error:
        case RefusedRequest(code=code):
            return code
        case InCollision(where="start"):
            return CODES.START_STATE_IN_COLLISION
        case InCollision():
            return CODES.GOAL_IN_COLLISION
        case OutsideLimits(where="start"):
            return CODES.START_STATE_INVALID
        case OutsideLimits():
            return CODES.GOAL_STATE_INVALID
        case Unreachable():
            return CODES.NO_IK_SOLUTION
        case NoPath():
            return CODES.TIMED_OUT
        case UnknownName(kind="group"):
            return CODES.INVALID_GROUP_NAME
        case UnknownName(kind="link"):
            return CODES.INVALID_LINK_NAME
        case UnknownName(kind="joint"):
            return CODES.INVALID_GOAL_CONSTRAINTS
        case UnknownName():
            return CODES.INVALID_OBJECT_NAME
    return CODES.FAILURE
