"""Which network interface the robot is heard on, and in which DDS domain.

Source: Unitree delivers its robots with addresses in 192.168.123.0/24 and DDS domain 0. Cyclone DDS
takes an interface's name, its address, or the network's own address (host part zero) for whichever
interface lies in that network; Linux's loopback carries multicast without saying so.
"""

import ipaddress
import re
from dataclasses import dataclass

from handiwork.errors import BadValue

_DOMAINS = range(233)
_INTERFACE = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, kw_only=True)
class Network:
    """interface: its name, its address, or the address of the network that it lies in."""

    interface: str = "192.168.123.0"  # as delivered
    domain: int = 0  # as delivered

    def __post_init__(self) -> None:
        if _INTERFACE.fullmatch(self.interface) is None:
            raise ValueError(f"interface must be a name or an IPv4 address, got {self.interface!r}")
        if self.domain not in _DOMAINS:
            raise ValueError(f"domain must be from 0 to 232, got {self.domain}")

    def __str__(self) -> str:
        return f"{self.interface}:{self.domain}" if self.domain else self.interface

    def configuration(self) -> str:
        """Cyclone DDS's, in XML: this interface and no other."""
        kind = "address" if _is_address(self.interface) else "name"
        loopback = self.interface == "lo" or self.interface.startswith("127.")
        multicast = "true" if loopback else "default"
        return (
            '<CycloneDDS><Domain Id="any"><General><Interfaces>'
            f'<NetworkInterface {kind}="{self.interface}" multicast="{multicast}"/>'
            "</Interfaces></General></Domain></CycloneDDS>"
        )


def network_at(address: str) -> Network:
    """From `eth0`, `192.168.123.222` or `lo:17`; empty as it is delivered.

    Raises:
        BadValue: it is neither.
    """
    interface, colon, domain = address.partition(":")
    try:
        return Network(
            interface=interface or Network.interface,
            domain=int(domain) if colon else Network.domain,
        )
    except ValueError:
        raise BadValue(
            "arm server",
            "address",
            address,
            "a network interface or its address, then :domain where that is not 0",
            "Say for example address:=eth0.",
        ) from None


def _is_address(interface: str) -> bool:
    try:
        ipaddress.IPv4Address(interface)
    except ValueError:
        return False
    return True
