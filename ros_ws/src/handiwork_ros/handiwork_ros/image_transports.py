"""Compressed images as image_transport's plugins send and read them: JPEG and PNG.

Source: compressed_image_transport (format "rgb8; jpeg compressed bgr8") and
compressed_depth_image_transport (format "16UC1; compressedDepth png", 12 bytes of ConfigHeader
before the PNG: an int32 0 and two floats that only 32FC1 uses), read on 2026-11-21.
Shapes: H, W rows and columns.
"""

import struct
from array import array

import cv2
import numpy as np
from sensor_msgs.msg import CompressedImage

from handiwork.errors import BadValue
from handiwork_ros.messages import stamp_from_seconds

JPEG = "rgb8; jpeg compressed bgr8"
PNG = "16UC1; compressedDepth png"
CONFIG_HEADER = struct.pack("<iff", 0, 0.0, 0.0)


def jpeg_from_colour(pixels: np.ndarray, stamp: float, frame: str, quality: int) -> CompressedImage:
    """(H, W, 3) uint8, red first; quality 1 to 100."""
    swapped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _message(data, b"", stamp, frame, JPEG)


def png_from_depth(pixels: np.ndarray, stamp: float, frame: str, level: int) -> CompressedImage:
    """(H, W) uint16 [mm], lossless; level 0 to 9."""
    _, data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, level])
    return _message(data, CONFIG_HEADER, stamp, frame, PNG)


def colour_from_jpeg(message: CompressedImage) -> np.ndarray:
    """(H, W, 3) uint8, red first.

    Raises:
        BadValue: not an image.
    """
    pixels = cv2.imdecode(np.frombuffer(message.data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise BadValue("compressed image", "data", len(message.data), "a JPEG", "Check the sender.")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def depth_from_png(message: CompressedImage) -> np.ndarray:
    """(H, W) uint16 [mm].

    Raises:
        BadValue: not a 16 bit image after a header.
    """
    data = np.frombuffer(message.data, np.uint8)[len(CONFIG_HEADER) :]
    pixels = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 2:
        fix = "Check the sender."
        raise BadValue("compressed depth", "data", len(message.data), "a 16 bit PNG", fix)
    return pixels


def _message(
    data: np.ndarray, header: bytes, stamp: float, frame: str, form: str
) -> CompressedImage:
    message = CompressedImage(format=form)
    message.header.stamp = stamp_from_seconds(stamp)
    message.header.frame_id = frame
    message.data = array("B", header)  # a bytes object would be copied item by item
    message.data.frombytes(memoryview(data.ravel()))
    return message
