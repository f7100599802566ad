"""The two topics on the wire: states come in on rt/lowstate, commands go out on rt/arm_sdk.

Source: unitree_sdk2's channels, which take Cyclone DDS's own quality of service: readers best
effort, writers reliable, and of either the newest alone.
"""

import numpy as np
from cyclonedds.domain import Domain, DomainParticipant
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

from handiwork.drivers.unitree.idl import LowCmd, LowState
from handiwork.drivers.unitree.layout import LOW_STATE
from handiwork.drivers.unitree.network import Network

STATES, COMMANDS = "rt/lowstate", "rt/arm_sdk"


class UnitreeLink:
    """Open until `close`."""

    def __init__(self, network: Network) -> None:
        """Raises:
        DDSException: there is no such interface.
        """
        domain = Domain(network.domain, network.configuration())
        participant = DomainParticipant(network.domain)
        self._reader = DataReader(participant, Topic(participant, STATES, LowState))
        self._writer = DataWriter(participant, Topic(participant, COMMANDS, LowCmd))
        self._owners = [participant, domain]  # go in this order
        self._newest: np.ndarray | None = None

    @property
    def is_heard(self) -> bool:
        """Whether somebody takes commands."""
        return self._writer.get_publication_matched_status().current_count > 0

    def newest_state(self) -> np.ndarray | None:
        """() record of `LOW_STATE`; None before the first one came.

        Raises:
            ValueError: its checksum is wrong, or it cannot be read.
        """
        for sample in self._reader.take():
            if isinstance(sample, LowState):  # else the writer came or went
                if not LOW_STATE.is_sealed(sample.message):
                    raise ValueError("the checksum of its state is wrong")
                self._newest = sample.message
        return self._newest

    def send(self, command: np.ndarray) -> None:
        """() record of `LOW_CMD`."""
        self._writer.write(LowCmd(command))

    def close(self) -> None:
        """No more of either."""
        del self._reader, self._writer
        while self._owners:
            self._owners.pop(0)
