"""Which ROS domain a stack talks in, so that two stacks on one machine never hear each other.

A stack holds a lock on one small file per domain for as long as it lives; the kernel lets go of it
even if the stack is killed.

Source: the ports are those of DDSI-RTPS 2.5, section 9.6.2: 7400 + 250 * domain, + 10 for the
first participant's discovery.
"""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handiwork.errors import HandiworkError

DOMAINS = range(1, 102)  # 0 is everybody's default; above 101 ports meet Linux's ephemeral ones


class DomainInUse(HandiworkError):
    """A ROS domain that another stack of this machine is using."""


@contextmanager
def hold_domain(wanted: str | None, folder: Path | None = None) -> Iterator[int]:
    """Hold a domain for the life of a stack: the one that is wanted, else a free one.

    Args:
        wanted: the value of ROS_DOMAIN_ID, None or "" where it is not set.
        folder: where the locks lie; the machine's temporary folder unless told otherwise.

    Raises:
        DomainInUse: the wanted domain is held by another stack, or none is free.
    """
    folder = folder or Path(tempfile.gettempdir())
    lock, domain = _wanted(wanted, folder) if wanted else _free(folder)
    try:
        yield domain
    finally:
        os.close(lock)


def _wanted(wanted: str, folder: Path) -> tuple[int, int]:
    if not wanted.isdecimal() or int(wanted) not in range(233):
        raise DomainInUse(f"ROS_DOMAIN_ID is {wanted!r}, want a whole number from 0 to 232.")
    domain = int(wanted)
    lock = _lock(domain, folder)
    if lock is None:
        raise DomainInUse(
            f"ROS domain {domain} is in use by the stack with pid {_holder(domain, folder)}. "
            "Stop that stack, or unset ROS_DOMAIN_ID to get a free domain."
        )
    return lock, domain


def _free(folder: Path) -> tuple[int, int]:
    for domain in DOMAINS:
        if not _port_is_free(7410 + 250 * domain):
            continue
        lock = _lock(domain, folder)
        if lock is not None:
            return lock, domain
    raise DomainInUse(
        f"all ROS domains from {DOMAINS[0]} to {DOMAINS[-1]} are in use. Stop another stack first."
    )


def _path(domain: int, folder: Path) -> Path:
    return folder / f"handiwork-domain-{domain}.lock"


def _lock(domain: int, folder: Path) -> int | None:
    """A locked file descriptor, or None where another process holds it."""
    try:
        descriptor = os.open(_path(domain, folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        return None  # another user's
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def _holder(domain: int, folder: Path) -> str:
    return _path(domain, folder).read_text().strip() or "unknown"


def _port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
