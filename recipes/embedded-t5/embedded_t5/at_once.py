"""Several trainings side by side, each in a process with its share of the threads. The processes are spawned: torch's
threads do not live through a fork."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

import torch

T = TypeVar("T")


def train_at_once(device: torch.device, train: Callable[[int], T], count: int) -> list[T]:
    """What `train`, which like its results must be picklable, returns for each of 0…count-1. On a GPU, or where there
    is not a thread for each, one after the other. One that fails ends the others."""
    threads = torch.get_num_threads() // count
    if device.type != "cpu" or not threads:
        return [train(number) for number in range(count)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, begin, (threads,)) as pool:
        trainings = [pool.submit(train, number) for number in range(count)]
        try:
            for training in as_completed(trainings):
                training.result()
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return [training.result() for training in trainings]


def begin(threads: int) -> None:
    """At the beginning of each process: its threads, and its end with that of the process that waits for it, or two
    would write the same checkpoint after a restart."""
    torch.set_num_threads(threads)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=end_with, args=(parent,), daemon=True).start()


def end_with(parent: multiprocessing.process.BaseProcess) -> None:
    """Wait for the end of `parent`, and end."""
    parent.join()
    os._exit(1)
