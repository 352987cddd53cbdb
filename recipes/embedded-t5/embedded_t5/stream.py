"""Streams of batches that can be stopped and taken up again, and made ahead in other processes."""

import multiprocessing
import os
import queue
import random
import traceback
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Pools that one process may be ahead.
AHEAD = 2
# Seconds between two looks whether the other process still lives.
LOOK = 2.0


class Stream(Generic[T]):
    """An endless stream of batches. Pool n comes from a generator seeded with (seed, n), so that (n, position) is
    all that a checkpoint needs, and so that `workers` forked processes can make the pools to come: the same batches, as
    fast as a GPU takes them. What makes a pool there must leave torch alone: its threads do not live through a fork."""

    def __init__(self, seed: int, pool: Callable[[random.Random, int], list[T]], workers: int = 0) -> None:
        self.seed, self.draw, self.workers = seed, pool, workers
        self.number, self.position = 0, 0
        self.pool: list[T] | None = None
        self.first = 0
        self.ahead: list[Any] = []
        self.processes: list[Any] = []

    def next(self) -> T:
        """The next batch."""
        if self.pool is None:
            self.pool = self.made_ahead() if self.workers else self.make(self.number)
        batch = self.pool[self.position]
        self.position += 1
        if self.position == len(self.pool):
            self.number, self.position, self.pool = self.number + 1, 0, None
        return batch

    def make(self, number: int) -> list[T]:
        """The batches of a pool, in the order in which they come."""
        rng = random.Random(f"{self.seed}:{number}")
        pool = self.draw(rng, number)
        rng.shuffle(pool)
        return pool

    def made_ahead(self) -> list[T]:
        """The pool whose turn it is, from the process whose turn it is. What failed there fails here."""
        if not self.ahead:
            self.fork()
        turn = (self.number - self.first) % self.workers
        while True:
            try:
                pool, trouble = self.ahead[turn].get(timeout=LOOK)
                break
            except queue.Empty:
                if not self.processes[turn].is_alive():
                    raise RuntimeError(f"The process that was to make pool {self.number} is gone.") from None
        if trouble:
            raise RuntimeError(f"Pool {self.number} could not be made:\n{trouble}")
        made: list[T] = pool
        return made

    def fork(self) -> None:
        """Start the processes with the pool whose turn it is."""
        context, parent, self.first = multiprocessing.get_context("fork"), os.getpid(), self.number
        self.ahead = [context.Queue(AHEAD) for _ in range(self.workers)]
        self.processes = [
            context.Process(target=self.work, args=(turn, self.number + turn, parent), daemon=True)
            for turn in range(self.workers)
        ]
        for process in self.processes:
            process.start()

    def work(self, turn: int, number: int, parent: int) -> None:
        """Make every pool whose turn it is, from `number` on, as long as the `parent` lives to take them."""
        pool, trouble = [], ""
        while not trouble:
            try:
                pool = self.make(number)
            except BaseException:
                trouble = traceback.format_exc()
            self.hand_over(turn, (pool, trouble), parent)
            number += self.workers

    def hand_over(self, turn: int, made: tuple[list[T], str], parent: int) -> None:
        """Put it into the queue as soon as there is room, or end with the parent, whatever is left in the queue."""
        while os.getppid() == parent:
            try:
                self.ahead[turn].put(made, timeout=LOOK)
                return
            except queue.Full:
                continue
        os._exit(0)

    def close(self) -> None:
        """End the processes; the stream goes on as if they had never been there."""
        for process in self.processes:
            process.terminate()
            process.join()
        self.ahead, self.processes = [], []

    def state(self) -> tuple[int, int]:
        """Where the stream stands."""
        return self.number, self.position

    def restore(self, state: tuple[int, int]) -> None:
        """Stand where `state` says."""
        self.close()
        self.number, self.position = state
        self.pool = None
