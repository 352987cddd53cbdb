"""Losses, their gradients, and the optimiser's steps; on a GPU recorded once and then replayed.

A model this small is done with a kernel sooner than Python can start the next: replayed CUDA graphs
(https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs) do away with the starting. They need batches whose
shapes come again, and measures that never look at a value.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from embedded_t5.run import Run

Measure = Callable[..., Tensor]


class Replays:
    """Work done over and over. On a GPU the first of a `kind` is done plainly, as libraries prepare themselves; after
    that each is recorded when its shapes come first, and replayed."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.on_gpu = device.type == "cuda"
        self.memory = torch.cuda.graph_pool_handle() if self.on_gpu else None
        self.recorded: dict[Any, tuple[Any, list[Tensor], Tensor]] = {}
        self.prepared: set[str] = set()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What everything must be done in: recordings allow for one stream only."""
        if self.on_gpu:
            torch.cuda.synchronize()
            with torch.cuda.stream(torch.cuda.Stream()):
                yield
            torch.cuda.synchronize()
        else:
            yield

    def do(self, kind: str, work: Measure, values: Sequence[NDArray[Any]]) -> Tensor:
        """`work` with these values on the device; what it gives is good until anything else is done."""
        if kind not in self.prepared or not self.on_gpu:
            self.prepared.add(kind)
            return work(*(torch.from_numpy(value).to(self.device) for value in values))
        key = (kind, tuple(value.shape for value in values))
        if key not in self.recorded:
            self.recorded[key] = self.record(work, values)
        graph, inputs, result = self.recorded[key]
        for room, value in zip(inputs, values, strict=True):
            room.copy_(torch.from_numpy(value).pin_memory(), non_blocking=True)
        graph.replay()
        return result

    def record(self, work: Measure, values: Sequence[NDArray[Any]]) -> tuple[Any, list[Tensor], Tensor]:
        """The recording, the tensors that it reads and the one that it writes. Recordings share their memory, as one is
        over before the next begins."""
        inputs = [torch.from_numpy(value).to(self.device) for value in values]
        graph = torch.cuda.CUDAGraph()
        torch.cuda.synchronize()
        graph.capture_begin(pool=self.memory)
        result = work(*inputs)
        graph.capture_end()
        return graph, inputs, result


def with_gradients(run: Run, measure: Measure) -> Measure:
    """The measure, which also adds its gradients to those that there are."""

    def work(*tensors: Tensor) -> Tensor:
        with run.autocast():
            loss = measure(*tensors)
        loss.backward()
        return loss.detach()

    return work
