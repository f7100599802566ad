"""unitree_hg's messages against two oracles: cyclonedds' own serialiser, and C structs and bits.

Source: C formats and sizes of unitree_sdk2_python, utils/crc.py; the rule of the checksum:
Crc32Core in unitree_sdk2.
"""

import struct

import numpy as np
import pytest

from handiwork.drivers.unitree.crc import crc32
from handiwork.drivers.unitree.layout import LOW_CMD, LOW_STATE

POLYNOMIAL = 0x04C11DB7
LOW_CMD_IN_C = "<2B2x" + "B3x5fI" * 35 + "5I"
LOW_STATE_IN_C = "<2I2B2xI" + "13fh2x" + "B3x4f2hf7I" * 35 + "40B5I"


def slow_crc32(message):
    """Bit by bit: shift a bit of the message in, and divide where one falls out."""
    remainder = 0xFFFFFFFF
    for (word,) in struct.iter_unpack("<I", message):
        for place in range(31, -1, -1):
            bit = (word >> place) & 1
            falls_out = (remainder >> 31) ^ bit
            remainder = (remainder << 1) & 0xFFFFFFFF
            if falls_out:
                remainder ^= POLYNOMIAL
    return remainder


def filled(layout, seed):
    """A record of random values."""
    generator = np.random.default_rng(seed)
    message = layout.blank()
    fill(message, generator)
    return layout.sealed(message)


def fill(record, generator):
    for name in record.dtype.names:
        field = record[name]
        if field.dtype.names:
            fill(field, generator)
        elif field.dtype.kind == "f":
            record[name] = generator.standard_normal(field.shape)
        else:
            most = np.iinfo(field.dtype).max
            record[name] = generator.integers(0, most, field.shape, endpoint=True)


def values(record):
    """All numbers in the order of the fields."""
    if record.dtype.names:
        if record.ndim:
            return [number for element in record for number in values(element)]
        return [number for name in record.dtype.names for number in values(record[name])]
    return np.atleast_1d(record).tolist()


@pytest.mark.parametrize("length", [4, 8, 1000, 2088])
def test_the_checksum_is_that_of_the_division_bit_by_bit(length):
    message = np.random.default_rng(length).bytes(length)
    assert crc32(message) == slow_crc32(message)


def test_the_checksum_of_the_standard_digits_is_the_published_one():
    """CRC-32/MPEG-2 of "123456789" is 0x0376E6E7; words turn its bytes round, so eight of them."""
    assert crc32(b"43218765") == slow_crc32(b"43218765")
    one_byte = 0x39  # the ninth digit, divided here by hand since it fills no word
    remainder = crc32(b"43218765") ^ (one_byte << 24)
    for _ in range(8):
        carry = remainder >> 31
        remainder = ((remainder << 1) & 0xFFFFFFFF) ^ (POLYNOMIAL if carry else 0)
    assert remainder == 0x0376E6E7


@pytest.mark.parametrize(
    ("layout", "in_c", "size"), [(LOW_CMD, LOW_CMD_IN_C, 1004), (LOW_STATE, LOW_STATE_IN_C, 2092)]
)
def test_a_record_lies_as_the_struct_does(layout, in_c, size):
    message = filled(layout, seed=1)
    assert layout.record.itemsize == struct.calcsize(in_c) == size
    packed = struct.pack(in_c, *values(message))
    assert message.tobytes() == packed
    assert int(message["crc"]) == slow_crc32(packed[:-4])


@pytest.mark.parametrize("layout", [LOW_CMD, LOW_STATE])
def test_what_is_sent_comes_back_and_a_flipped_bit_breaks_the_seal(layout):
    message = filled(layout, seed=2)
    sent = layout.to_wire(message)
    again = layout.from_wire(sent)
    assert layout.is_sealed(again)
    assert values(again) == values(message)
    spoiled = bytearray(sent)
    spoiled[300] ^= 1
    assert not layout.is_sealed(layout.from_wire(bytes(spoiled)))


def test_another_encoding_and_a_short_message_are_refused():
    sent = LOW_CMD.to_wire(LOW_CMD.blank())
    with pytest.raises(ValueError, match="encoded as 0000"):
        LOW_CMD.from_wire(b"\0\0" + sent[2:])
    with pytest.raises(ValueError):
        LOW_CMD.from_wire(sent[:500])


@pytest.mark.parametrize(
    ("layout", "name", "size"), [(LOW_CMD, "LowCmd", 1000), (LOW_STATE, "LowState", 2088)]
)
def test_the_wire_is_that_of_the_idl_types(layout, name, size):
    idl_types = pytest.importorskip("cyclonedds.idl")
    idl = pytest.importorskip("handiwork.drivers.unitree.idl")
    ours = getattr(idl, name)
    assert ours.__idl__.idl_transformed_typename == f"unitree_hg::msg::dds_::{name}_"
    message = filled(layout, seed=3)
    generic = idl_types.make_idl_struct(name, ours.__idl_typename__, dict(ours.__annotations__))
    parts = {"motor_cmd": idl.MotorCmd, "motor_state": idl.MotorState, "imu_state": idl.IMUState}
    fields = {key: plain(message[key], parts.get(key)) for key in layout.record.names}
    wanted = generic(**fields).serialize()
    assert len(wanted) == size + 4
    assert ours(message).serialize() == wanted


def plain(field, part):
    """numpy's values as the generic serialiser wants them."""
    if part is None:
        return field.tolist()
    if field.ndim:
        return [plain(element, part) for element in field]
    return part(*(field[name].tolist() for name in field.dtype.names))
