"""Several trainings side by side, each with its share of the cores."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import torch

from embedded_t5.run import Run

T = TypeVar("T")


def at_once(run: Run, work: Callable[[int], T], count: int) -> list[T]:
    """What `work` returns for each of 0…count-1: on a CPU from processes with an even share of its threads, where there
    are as many; else one after the other. Work, and what it returns, must be picklable."""
    threads = torch.get_num_threads() // count
    if run.device.type != "cpu" or not threads:
        return [work(number) for number in range(count)]
    context = get_context("spawn")
    with ProcessPoolExecutor(count, context, torch.set_num_threads, (threads,)) as pool:
        return list(pool.map(work, range(count)))
