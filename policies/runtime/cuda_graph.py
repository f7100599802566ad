"""A network as CUDA graphs: all its launches recorded once, then replayed by a single one.

A small network on a fast device spends its time on launching; a replay does not.
Source: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

WARM_UPS = 3  # runs before the recording, in which libraries choose their algorithms


@dataclass(frozen=True)
class _Recording:
    graph: torch.cuda.CUDAGraph
    inputs: tuple[Tensor, ...]  # whose memory the graph reads
    output: Tensor  # whose memory it writes


class GraphedNetwork:
    """Calls a module by graphs, one for each batch size that was asked for."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._recordings: dict[int, _Recording] = {}

    @torch.inference_mode()
    def __call__(self, *inputs: Tensor) -> Tensor:
        """What the module answers; inputs on its device, all of one batch size."""
        batch = len(inputs[0])
        if batch not in self._recordings:
            self._recordings[batch] = self._record(inputs)
        recording = self._recordings[batch]
        for mine, theirs in zip(recording.inputs, inputs, strict=True):
            mine.copy_(theirs)
        recording.graph.replay()
        return recording.output.clone()

    def _record(self, inputs: tuple[Tensor, ...]) -> _Recording:
        own = tuple(item.contiguous().clone() for item in inputs)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UPS):
                self._module(*own)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            output = self._module(*own)
        return _Recording(graph, own, output)
