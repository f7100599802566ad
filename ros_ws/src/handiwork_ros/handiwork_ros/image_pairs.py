"""Colour and depth of one moment belong together: pairs by stamp, whichever comes first."""

from collections import deque

from sensor_msgs.msg import Image

from handiwork_ros.messages import seconds_from_stamp

REMEMBERED = 4  # images of each kind that wait for their partner


class ImagePairs:
    """Keeps what has no partner yet. A pair sets aside everything older."""

    def __init__(self) -> None:
        self._colours: deque[Image] = deque(maxlen=REMEMBERED)
        self._depths: deque[Image] = deque(maxlen=REMEMBERED)

    def add_colour(self, image: Image) -> tuple[Image, Image] | None:
        """(colour, depth) if the depth of the same stamp is here."""
        depth = _partner(image, self._depths)
        if depth is None:
            self._colours.append(image)
            return None
        return self._paired(image, depth)

    def add_depth(self, image: Image) -> tuple[Image, Image] | None:
        """(colour, depth) if the colour of the same stamp is here."""
        colour = _partner(image, self._colours)
        if colour is None:
            self._depths.append(image)
            return None
        return self._paired(colour, image)

    def _paired(self, colour: Image, depth: Image) -> tuple[Image, Image]:
        for waiting in (self._colours, self._depths):
            while waiting and _time(waiting[0]) <= _time(colour):
                waiting.popleft()
        return colour, depth


def _time(image: Image) -> float:
    return seconds_from_stamp(image.header.stamp)


def _partner(image: Image, others: deque[Image]) -> Image | None:
    return next((other for other in others if other.header.stamp == image.header.stamp), None)
