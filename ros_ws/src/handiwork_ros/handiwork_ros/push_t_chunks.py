"""Push-T's plans as chunks on the wire: from the plane of the demonstrations to the arm's base."""

from collections.abc import Iterable

import numpy as np
from builtin_interfaces.msg import Time
from handiwork_msgs.msg import ActionCandidates

from handiwork.chunks import ActionChunk
from handiwork.robots.wxai import WXAI
from handiwork.streaming.committed_plan import Plan
from handiwork.tasks.push_t import TableSquare
from handiwork_ros.messages import message_from_chunk

_SQUARE = TableSquare()


def candidates_from_plans(plans: Iterable[Plan], observed: float, now: Time) -> ActionCandidates:
    """Plans with rows (H, 2) [px], all made of the observation of time `observed` [s]."""
    message = ActionCandidates()
    message.header.stamp = now
    for plan in plans:
        chunk = ActionChunk(
            rows=_SQUARE.to_base(plan.rows).astype(np.float32),
            names=("x", "y"),
            space="pose",
            frame=WXAI.base_frame,
            start=plan.start,
            period=plan.period,
            observed=observed,
            sequence=plan.sequence,
        )
        message.chunks.append(message_from_chunk(chunk))
    return message
