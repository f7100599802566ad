"""One family of errors: what is wrong with the value quoted, what is allowed, what to do next."""

from collections.abc import Iterable


class HandiworkError(Exception):
    """Any error that Handiwork raises for a caller to catch."""


class WrongShape(HandiworkError):
    """An array whose shape does not fit."""

    def __init__(self, what: str, got: tuple[int, ...], want: str) -> None:
        super().__init__(f"{what} has shape {tuple(got)}, want {want}. Check the sender of {what}.")


class UnknownName(HandiworkError):
    """A name in a config or a message that nothing answers to; `kind` is what was to be named."""

    def __init__(self, kind: str, name: str, known: Iterable[str], fix: str) -> None:
        listed = ", ".join(sorted(known)) or "none"
        super().__init__(f"no {kind} named {name!r}. Known: {listed}. {fix}")
        self.kind = kind


class BadValue(HandiworkError):
    """A field of a file, message or topic with a value that is not allowed."""

    def __init__(self, where: str, field: str, got: object, want: str, fix: str) -> None:
        super().__init__(f"{where}: {field} is {got!r}, want {want}. {fix}")


class MissingModel(HandiworkError):
    """A robot's model file or mesh that is not on this machine."""

    def __init__(self, file: str, distribution: str) -> None:
        super().__init__(
            f"the robot model's file {file} is not here. It comes with the package "
            f"{distribution}: pip install --force-reinstall --no-deps {distribution}"
        )


class BadCheckpoint(BadValue):
    """A checkpoint that is damaged, or that does not fit this robot, task or camera."""


class RefusedChunk(HandiworkError):
    """An action chunk that must not move the robot; the robot finishes what it has and rests.

    kind: one word for counting, such as "stale".
    """

    def __init__(self, message: str, kind: str = "malformed") -> None:
        super().__init__(message)
        self.kind = kind


class RejectedTrajectory(HandiworkError):
    """A trajectory that a controller's rules, or the safety gate, do not allow."""


class RefusedCommand(HandiworkError):
    """Something that may not be done now, such as enabling an arm that still stops."""


class Unreachable(HandiworkError):
    """A pose that the robot cannot take."""


class ObjectNotFound(HandiworkError):
    """An object that the camera does not show well enough to say where it is."""


class NotObserved(HandiworkError):
    """A time for which nothing was observed, or only something too old."""


class OutOfOrder(HandiworkError):
    """An observation whose stamp is not later than that of the one before it."""


class OutsideLimits(BadValue):
    """A posture outside the joint limits; `where` is what the posture is, such as "start"."""

    def __init__(self, where: str, joint: str, got: float, want: str, fix: str) -> None:
        super().__init__(f"the {where}", joint, got, want, fix)
        self.where = where


class InCollision(HandiworkError):
    """A posture in which two bodies touch; `where` is what the posture is, such as "start"."""

    def __init__(self, where: str, first: str, second: str) -> None:
        super().__init__(
            f"at the {where} {first!r} touches {second!r}, or nearly does. "
            f"Ask for another {where}, or allow the two to touch."
        )
        self.where = where


class NoPath(HandiworkError):
    """No collision-free path was found within the time."""


class DriverFailed(HandiworkError):
    """A robot that cannot be read or commanded; it is taken to move no more.

    reason: "not there", "link lost" or "fault" (an error or a reflex that the robot reports).
    """

    def __init__(self, robot: str, reason: str, what: str, fix: str) -> None:
        super().__init__(f"{robot}: {reason}: {what}. {fix}")
        self.reason = reason


class CameraFailed(HandiworkError):
    """A camera that gives no images now, and may again once somebody sees to it.

    reason: "not there", "busy", "lost" (it was there) or "fault".
    """

    def __init__(self, camera: str, reason: str, what: str, fix: str) -> None:
        super().__init__(f"{camera}: {reason}: {what}. {fix}")
        self.reason = reason
