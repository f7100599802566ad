"""Finds hands in pictures, in a process and an environment of its own.

    .venv-hands/bin/python detectors/hands.py

Requests come on stdin, answers go to stdout, each a length (4 bytes, big-endian) and so many bytes.
A request is height and width (2 x uint16, big-endian) and rgb pixels row by row. An answer is, for
every hand, 1 + 42 float32, little-endian: how sure it is, then columns and rows of 21 keypoints in
pixels, (0, 0) being the middle of the top left pixel; no hand is an empty answer. The process ends
with its stdin.

Pictures need not follow each other: each is searched anew, then looked at a second time where the
first look put the hand, which centres the part that the network sees.

Source: MediaPipe Hands (Zhang et al., arXiv:2006.10214), whose order of keypoints this keeps: the
wrist, then four of each finger from the thumb to the little finger, from the palm outwards.
"""

import os
import struct
import sys

os.environ.setdefault("GLOG_minloglevel", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import mediapipe as mp
import numpy as np

KEYPOINTS = 21


def main() -> None:
    """Answer until nobody asks any more."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not stand among the answers
    hands = mp.solutions.hands.Hands(
        static_image_mode=False, max_num_hands=int(sys.argv[1]), min_detection_confidence=0.5
    )
    while (head := asked.read(4)) and len(head) == 4:
        (length,) = struct.unpack(">I", head)
        body = asked.read(length)
        if len(body) < length:
            break
        answer = found(hands, body)
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def found(hands: mp.solutions.hands.Hands, body: bytes) -> bytes:
    """The answer to one request."""
    height, width = struct.unpack(">HH", body[:4])
    picture = np.frombuffer(body, np.uint8, offset=4).reshape(height, width, 3)
    hands.reset()
    hands.process(picture)
    seen = hands.process(picture)
    answer = b""
    for marks, side in zip(
        seen.multi_hand_landmarks or (), seen.multi_handedness or (), strict=True
    ):
        points = np.array([(mark.x, mark.y) for mark in marks.landmark])
        pixels = points * (width, height) - 0.5
        sure = side.classification[0].score
        answer += np.array([sure, *pixels.ravel()], "<f4").tobytes()
    return answer


if __name__ == "__main__":
    main()
