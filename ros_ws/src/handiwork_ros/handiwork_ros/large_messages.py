"""Memory of images and clouds is kept for the next ones, not given back and asked for again.

By default glibc gives blocks of this size back to the kernel as soon as they are free, and the next
image pays for fresh pages again: taking a 640x480 colour image from a topic took 3.2 ms of
processor time with that, and 1.5 ms without.
Source: mallopt(3).
"""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST = 32 << 20  # [bytes] the most that glibc allows for M_MMAP_THRESHOLD
KEPT = 64 << 20  # [bytes] free at the end of the heap


def keep_memory() -> None:
    """For this process, from now on; another C library than glibc goes on as it does."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGEST)
        mallopt(M_TRIM_THRESHOLD, KEPT)
