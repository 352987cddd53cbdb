"""Padded batches under a token budget, and streams of them that can be stopped and taken up again."""

import random
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


def pad(rows: Sequence[Sequence[int]], value: int = 0) -> Tensor:
    """Rows of ids to int64 [rows, longest], filled up with `value`."""
    ids = torch.full((len(rows), max(map(len, rows))), value, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row, dtype=torch.long)
    return ids


def mask_of(ids: Tensor) -> Tensor:
    """1 where there is a token: id 0 is padding. Same shape as `ids`."""
    return (ids != 0).long()


def cut(items: Sequence[T], length: Callable[[T], int], tokens: int) -> list[list[T]]:
    """Batches of items of similar length, each of at most `tokens` padded tokens (one item may exceed them)."""
    batches: list[list[T]] = []
    batch: list[T] = []
    for item in sorted(items, key=length):
        if batch and (len(batch) + 1) * length(item) > tokens:
            batches.append(batch)
            batch = []
        batch.append(item)
    return [*batches, batch] if batch else batches


class Stream(Generic[T]):
    """An endless stream of batches. Pool n comes from a generator seeded with (seed, n), so that (n, position) is
    all that a checkpoint needs."""

    def __init__(self, seed: int, pool: Callable[[random.Random, int], list[T]]) -> None:
        self.seed, self.make = seed, pool
        self.number, self.position = 0, 0
        self.pool: list[T] | None = None

    def next(self) -> T:
        """The next batch."""
        if self.pool is None:
            rng = random.Random(f"{self.seed}:{self.number}")
            self.pool = self.make(rng, self.number)
            rng.shuffle(self.pool)
        batch = self.pool[self.position]
        self.position += 1
        if self.position == len(self.pool):
            self.number, self.position, self.pool = self.number + 1, 0, None
        return batch

    def state(self) -> tuple[int, int]:
        """Where the stream stands."""
        return self.number, self.position

    def restore(self, state: tuple[int, int]) -> None:
        """Stand where `state` says."""
        self.number, self.position = state
        self.pool = None


class Rounds:
    """Draws `count` indexes of 0…size-1 per pool, going through all of them before any comes again."""

    def __init__(self, seed: int, size: int, count: int) -> None:
        self.seed, self.size, self.count = seed, size, count

    def draw(self, pool: int) -> list[int]:
        """The indexes of this pool; the same for the same pool number."""
        chosen: list[int] = []
        at = pool * self.count
        while len(chosen) < self.count and self.size:
            epoch, offset = divmod(at + len(chosen), self.size)
            order = list(range(self.size))
            random.Random(f"{self.seed}:{epoch}").shuffle(order)
            chosen += order[offset : offset + self.count - len(chosen)]
        return chosen
