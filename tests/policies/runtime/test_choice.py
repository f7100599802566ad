"""What `runtime=auto` means here, and what is refused."""

import pytest
import torch

from handiwork.errors import BadValue, UnknownName
from policies.runtime import choose

here = pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without CUDA")


@here
def test_auto_is_openvino_on_the_cpu():
    choice = choose()
    assert (choice.runtime, choice.device.type) == ("openvino", "cpu")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_auto_is_graphs_where_there_is_a_cuda_device():
    choice = choose()
    assert (choice.runtime, choice.device.type) == ("cuda_graph", "cuda")


@pytest.mark.parametrize("runtime", ["eager", "openvino"])
def test_what_is_said_is_taken(runtime: str):
    assert choose(runtime, "cpu").runtime == runtime


@here
@pytest.mark.parametrize("words", [("cuda_graph", "auto"), ("auto", "cuda"), ("eager", "cuda")])
def test_a_device_that_is_missing_is_refused(words: tuple[str, str]):
    with pytest.raises(BadValue, match="device is 'cuda', want one that torch finds"):
        choose(*words)


def test_graphs_on_the_cpu_are_refused():
    with pytest.raises(BadValue, match="cuda for runtime=cuda_graph"):
        choose("cuda_graph", "cpu")


def test_unknown_names_are_refused_with_those_that_are_known():
    with pytest.raises(UnknownName, match="auto, cuda_graph, eager, openvino"):
        choose("tensorrt")
    with pytest.raises(UnknownName, match="auto, cpu, cuda"):
        choose("auto", "tpu")
