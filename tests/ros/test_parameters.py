"""A config dataclass becomes parameters: declared, described, bounded, refused with a reason."""

from dataclasses import dataclass, field

import pytest
from rclpy.node import Node
from rclpy.parameter import Parameter

from handiwork_ros.parameters import declared


@dataclass(frozen=True, kw_only=True)
class LampConfig:
    colour: str = "white"
    brightness: float = field(
        default=0.5, metadata={"description": "share of full light", "minimum": 0.0, "maximum": 1.0}
    )
    lamps: int = field(default=3, metadata={"minimum": 1})
    steady: bool = True
    rooms: tuple[str, ...] = ("hall", "attic")

    def __post_init__(self) -> None:
        if self.colour == "infrared":
            raise ValueError("colour is 'infrared', want one that people see. Choose white.")


def lamp(**overrides: object) -> Node:
    asked = [Parameter(name, value=value) for name, value in overrides.items()]
    return Node("lamp", parameter_overrides=asked)


def test_without_overrides_the_config_is_the_default_and_every_field_is_a_parameter(graph):
    node = graph.add(lamp())
    assert declared(node, LampConfig()) == LampConfig()
    assert node.get_parameter("rooms").value == ["hall", "attic"]


def test_overrides_arrive_in_the_config_with_their_types(graph):
    node = graph.add(lamp(brightness=1, rooms=["cellar"], steady=False))
    config = declared(node, LampConfig())
    assert config == LampConfig(brightness=1.0, rooms=("cellar",), steady=False)
    assert isinstance(config.brightness, float)


def test_a_parameter_tells_its_meaning_and_bounds_and_cannot_be_changed(graph):
    node = graph.add(lamp())
    declared(node, LampConfig())
    descriptor = node.describe_parameter("brightness")
    assert descriptor.description == "share of full light"
    assert descriptor.read_only
    assert (
        descriptor.floating_point_range[0].from_value,
        descriptor.floating_point_range[0].to_value,
    ) == (0.0, 1.0)
    assert not node.set_parameters([Parameter("brightness", value=0.1)])[0].successful


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"brightness": 1.5}, "brightness"),
        ({"brightness": 2}, "brightness"),
        ({"lamps": 0}, "lamps"),
        ({"lamps": "three"}, "'lamps' is 'three', want a whole number"),
        ({"colour": 7}, "'colour' is 7, want a text"),
        ({"colour": "infrared"}, "want one that people see"),
    ],
)
def test_a_bad_value_is_refused_by_name(graph, overrides, said):
    node = graph.add(lamp(**overrides))
    with pytest.raises(ValueError, match=said):
        declared(node, LampConfig())
