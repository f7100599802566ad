"""The checksum in unitree_hg's messages.

It is CRC-32/MPEG-2 (polynomial 0x04C11DB7, from 0xFFFFFFFF, most significant bit first, nothing
inverted at the end) over 32-bit words, each beginning with its most significant byte. zlib's CRC-32
is the same division with all bits in mirrored order, so mirrored words give the mirrored result.

Source: Crc32Core in unitree_sdk2, example/g1/low_level/g1_ankle_swing_example.cpp (the rule).
"""

import zlib

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ALL = 0xFFFFFFFF


def crc32(message: bytes) -> int:
    """Of little-endian words, as they lie in memory on the robot."""
    mirrored = bytearray(message.translate(_MIRRORED))
    # A word's last byte is its most significant one and goes first.
    mirrored[0::4], mirrored[1::4], mirrored[2::4], mirrored[3::4] = (
        mirrored[3::4],
        mirrored[2::4],
        mirrored[1::4],
        mirrored[0::4],
    )
    return int(f"{zlib.crc32(mirrored) ^ _ALL:032b}"[::-1], 2)
