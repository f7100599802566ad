"""Every robot and its configuration as it is made now."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from generated_config import description_of, files_of

from handiwork.robots.registry import ROBOTS, robot
from handiwork.robots.robot import Robot


@pytest.fixture(params=sorted(ROBOTS))
def named(request: pytest.FixtureRequest) -> Robot:
    return robot(request.param)


@pytest.fixture
def files(named: Robot) -> dict[str, str]:
    return files_of(named)


@pytest.fixture
def description(named: Robot) -> str:
    return description_of(named)


@pytest.fixture
def urdf(description: str) -> Element:
    return ElementTree.fromstring(description)


@pytest.fixture
def srdf_text(named: Robot, files: dict[str, str]) -> str:
    return files[f"config/{named.name}.srdf"]


@pytest.fixture
def srdf(srdf_text: str) -> Element:
    return ElementTree.fromstring(srdf_text)
