"""An export is kept, checked before it is used, and made anew when it is not what it should be."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from policies.generator import Kernel
from policies.runtime.export_cache import KEPT, Export, cache_folder, read_export, write_export
from policies.runtime.openvino_network import OpenVinoNetwork, openvino_network
from policies.runtime.probe import agree, answer, probe


class Line(nn.Module):
    """A network that is a formula: slope x + 1."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope: Tensor
        self.register_buffer("slope", torch.full((4,), slope), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.slope * x + 1


class Parabola(Line):
    """What `Line` became after an edit of its code: same numbers, other formula."""

    def forward(self, x: Tensor) -> Tensor:
        return self.slope * x * x + 1


def kernel(module: nn.Module) -> Kernel:
    return Kernel("line", module, (torch.zeros(1, 4),))


def network(module: nn.Module, cache: Path | None) -> OpenVinoNetwork:
    return openvino_network(kernel(module), {}, cache, threads=1)


def files(cache: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in cache.glob("*/*")}


X = torch.tensor([[0.0, 1.0, 2.0, -3.0]] * 5)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("exports")
    network(Line(2.0), cache)
    return cache


@pytest.fixture
def cache(exported: Path, tmp_path: Path) -> Path:
    """A folder that holds the export of the line of slope 2."""
    return Path(shutil.copytree(exported, tmp_path / "exports"))


def test_a_network_says_what_its_module_says_for_any_batch(cache: Path):
    line = network(Line(2.0), cache)
    for rows in (1, 5, 2):
        torch.testing.assert_close(line(X[:rows]), 2 * X[:rows] + 1)


def test_an_answer_outlives_the_next_call(cache: Path):
    line = network(Line(2.0), cache)
    first = line(X)
    line(X + 7)
    torch.testing.assert_close(first, 2 * X + 1)


def test_an_export_is_made_once(cache: Path):
    before = files(cache)
    network(Line(2.0), cache)
    assert files(cache) == before and len(before) == 3


def test_other_weights_have_an_export_of_their_own_also_where_no_checkpoint_holds_them(cache: Path):
    steep = network(Line(3.0), cache)
    torch.testing.assert_close(steep(X), 3 * X + 1)
    assert len(list(cache.iterdir())) == 2


def test_an_export_of_code_that_was_edited_since_is_made_anew(cache: Path):
    parabola = network(Parabola(2.0), cache)
    torch.testing.assert_close(parabola(X), 2 * X * X + 1)
    assert len(list(cache.iterdir())) == 1  # in the place of the old one


def change_a_weight(place: Path) -> None:
    content = bytearray((place / "model.bin").read_bytes())
    content[2] ^= 0x40
    (place / "model.bin").write_bytes(content)


def cut_short(place: Path) -> None:
    (place / "model.xml").write_bytes((place / "model.xml").read_bytes()[:-20])


def lose_the_record(place: Path) -> None:
    (place / "record.json").unlink()


def garble_the_record(place: Path) -> None:
    (place / "record.json").write_text("[")


def forge(place: Path) -> None:
    """A whole export with right digests, of another network."""
    kept = read_export(place)
    other = place.with_name("other")
    network(Line(5.0), other)
    (foreign,) = (read_export(item) for item in other.iterdir())
    shutil.rmtree(other)
    assert kept and foreign
    write_export(
        place, Export(model=foreign.model, weights=foreign.weights, answer=kept.answer), {}
    )


@pytest.mark.parametrize(
    "damage", [change_a_weight, cut_short, lose_the_record, garble_the_record, forge]
)
def test_a_damaged_or_wrong_export_is_made_anew_and_never_used(
    cache: Path, damage: Callable[[Path], None]
):
    (place,) = cache.iterdir()
    before = files(cache)
    damage(place)
    damaged = files(cache)
    torch.testing.assert_close(network(Line(2.0), cache)(X), 2 * X + 1)
    kept = read_export(place)
    assert kept is not None and files(cache) != damaged
    np.testing.assert_allclose(kept.answer, answer(kernel(Line(2.0)), probe(kernel(Line(2.0)))))
    assert kept.weights == before[str(place / "model.bin")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path):
    tmp_path.chmod(0o500)
    torch.testing.assert_close(network(Line(2.0), tmp_path / "exports")(X), 2 * X + 1)


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("here is no room for a folder")
    torch.testing.assert_close(network(Line(2.0), blocked / "exports")(X), 2 * X + 1)
    torch.testing.assert_close(network(Line(2.0), None)(X), 2 * X + 1)


def test_the_exports_that_were_not_used_for_longest_go(tmp_path: Path):
    export = Export(model=b"m", weights=b"w", answer=np.zeros(2, np.float32))
    places = [tmp_path / f"{number:03}" for number in range(KEPT + 1)]
    for age, place in enumerate(places[:-1]):
        write_export(place, export, {})
        os.utime(place / "record.json", (age + 1, age + 1))
    assert read_export(places[0]) is not None  # is used, so the next one is the oldest
    write_export(places[-1], export, {})
    assert {item.name for item in tmp_path.iterdir()} == {
        place.name for place in places if place != places[1]
    }


def test_rounding_is_no_difference_but_more_is():
    one = np.array([1.0, 100.0], np.float32)
    assert agree(one, one * (1 + 5e-5))
    assert not agree(one, one + np.array([1e-3, 0], np.float32))
    assert not agree(one, np.array([1.0, np.nan], np.float32))
    assert not agree(one, one[:1])


def test_the_record_says_what_the_export_was_made_of(cache: Path):
    (place,) = cache.iterdir()
    made_of = json.loads((place / "record.json").read_text())["made_of"]
    assert made_of["kernel"] == "line" and made_of["example"] == [["torch.float32", 4]]


@pytest.mark.parametrize(
    ("platform", "environment", "want"),
    [
        ("linux", {"HOME": "/h"}, "/h/.cache"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "/c"}, "/c"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches"),
        ("win32", {"LOCALAPPDATA": "/l", "USERPROFILE": "/h"}, "/l"),
    ],
)
def test_the_cache_lies_where_the_platform_has_it(
    platform: str, environment: dict[str, str], want: str
):
    assert cache_folder(environment, platform) == Path(want, "handiwork", "exports")
