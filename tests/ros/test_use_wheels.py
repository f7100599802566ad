"""The wheels' exported CMake files name the headers of this machine, not of their builder's."""

import importlib.util
import sysconfig
from pathlib import Path

import numpy
import pytest

from handiwork_app.environment import WORKSPACE

BUILT_FOR = (
    'INTERFACE_INCLUDE_DIRECTORIES "/opt/python/cp311-cp311/include/python3.11;'
    "/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include;"
    '${_IMPORT_PREFIX}/include"'
)
HERE = (
    f'INTERFACE_INCLUDE_DIRECTORIES "{sysconfig.get_path("include")};{numpy.get_include()};'
    '${_IMPORT_PREFIX}/include"'
)


@pytest.fixture(scope="module")
def use_wheels():
    specification = importlib.util.spec_from_file_location(
        "use_wheels", WORKSPACE / "use_wheels.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def export(share: Path) -> Path:
    file = share / "std_msgs/cmake/export_std_msgs__rosidl_generator_pyExport.cmake"
    file.parent.mkdir(parents=True)
    file.write_text(BUILT_FOR)
    return file


def test_the_builders_headers_become_ours(use_wheels, tmp_path: Path):
    file = export(tmp_path)
    assert use_wheels.point_headers_here(tmp_path) == 1
    assert file.read_text() == HERE


def test_a_second_run_changes_nothing(use_wheels, tmp_path: Path):
    export(tmp_path)
    use_wheels.point_headers_here(tmp_path)
    assert use_wheels.point_headers_here(tmp_path) == 0
