"""unitree_hg's types as DDS knows them: their names and fields, by which two ends find each other.

Values are numpy records (see layout), which go to and from the wire here without passing through
cyclonedds' own serialiser.

Source: unitree_hg/msg of unitree_ros2; the names are those of unitree_sdk2's IDL,
unitree_hg::msg::dds_::LowCmd_ and so on.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from cyclonedds.idl import IdlStruct, annotations, types

from handiwork.drivers.unitree.layout import LOW_CMD, LOW_STATE, MOTORS


@dataclass
@annotations.final
@annotations.autoid("sequential")
class MotorCmd(IdlStruct, typename="unitree_hg.msg.dds_.MotorCmd_"):
    """One motor's target, gains and torque."""

    mode: types.uint8
    q: types.float32
    dq: types.float32
    tau: types.float32
    kp: types.float32
    kd: types.float32
    reserve: types.uint32


@dataclass
@annotations.final
@annotations.autoid("sequential")
class IMUState(IdlStruct, typename="unitree_hg.msg.dds_.IMUState_"):
    """How the pelvis lies and moves."""

    quaternion: types.array[types.float32, 4]
    gyroscope: types.array[types.float32, 3]
    accelerometer: types.array[types.float32, 3]
    rpy: types.array[types.float32, 3]
    temperature: types.int16


@dataclass
@annotations.final
@annotations.autoid("sequential")
class MotorState(IdlStruct, typename="unitree_hg.msg.dds_.MotorState_"):
    """What one motor measures and reports."""

    mode: types.uint8
    q: types.float32
    dq: types.float32
    ddq: types.float32
    tau_est: types.float32
    temperature: types.array[types.int16, 2]
    vol: types.float32
    sensor: types.array[types.uint32, 2]
    motorstate: types.uint32
    reserve: types.array[types.uint32, 4]


@annotations.final
@annotations.autoid("sequential")
class LowCmd(IdlStruct, typename="unitree_hg.msg.dds_.LowCmd_"):
    """Targets of all motors, as a record of `LOW_CMD`."""

    mode_pr: types.uint8
    mode_machine: types.uint8
    motor_cmd: types.array[MotorCmd, MOTORS]
    reserve: types.array[types.uint32, 4]
    crc: types.uint32

    def __init__(self, message: np.ndarray) -> None:
        self.message = message

    def serialize(self, *_: Any, **__: Any) -> bytes:
        """For the writer, whatever it asks for: little-endian plain CDR."""
        return LOW_CMD.to_wire(self.message)

    @classmethod
    def deserialize(cls, data: bytes, *_: Any, **__: Any) -> Self:
        """For the reader."""
        return cls(LOW_CMD.from_wire(data))

    @classmethod
    def deserialize_key(cls, *_: Any, **__: Any) -> Self:
        """What the reader wraps to tell that a writer left; the type has no key."""
        return cls(LOW_CMD.blank())


@annotations.final
@annotations.autoid("sequential")
class LowState(IdlStruct, typename="unitree_hg.msg.dds_.LowState_"):
    """What the whole robot measures, as a record of `LOW_STATE`."""

    version: types.array[types.uint32, 2]
    mode_pr: types.uint8
    mode_machine: types.uint8
    tick: types.uint32
    imu_state: IMUState
    motor_state: types.array[MotorState, MOTORS]
    wireless_remote: types.array[types.uint8, 40]
    reserve: types.array[types.uint32, 4]
    crc: types.uint32

    def __init__(self, message: np.ndarray) -> None:
        self.message = message

    def serialize(self, *_: Any, **__: Any) -> bytes:
        """For the writer, whatever it asks for: little-endian plain CDR."""
        return LOW_STATE.to_wire(self.message)

    @classmethod
    def deserialize(cls, data: bytes, *_: Any, **__: Any) -> Self:
        """For the reader."""
        return cls(LOW_STATE.from_wire(data))

    @classmethod
    def deserialize_key(cls, *_: Any, **__: Any) -> Self:
        """What the reader wraps to tell that a writer left; the type has no key."""
        return cls(LOW_STATE.blank())
