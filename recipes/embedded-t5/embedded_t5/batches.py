"""Padded batches under a token budget."""

import random
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

import numpy
import torch
from numpy.typing import NDArray
from torch import Tensor

T = TypeVar("T")
Ids = NDArray[numpy.int32]
Row = Sequence[int] | Ids

# What a score becomes that is out of the question; finite, so that bf16 and gradients can bear it.
OUT = -1e4


def pad(rows: Sequence[Row], value: int = 0) -> Tensor:
    """Rows of ids to int64 [rows, longest], filled up with `value`."""
    return torch.from_numpy(padded(rows, value)).long()


def padded(rows: Sequence[Row], value: int = 0, width: int = 0) -> Ids:
    """Rows of ids to int32 [rows, longest or `width`], filled up with `value`."""
    lengths = numpy.array([len(row) for row in rows])
    width = max(width, lengths.max())
    ids = numpy.full((len(rows), width), value, numpy.int32)
    ids[numpy.arange(width) < lengths[:, None]] = numpy.fromiter(chain.from_iterable(rows), numpy.int32)
    return ids


def mask_of(ids: Tensor) -> Tensor:
    """1 where there is a token: id 0 is padding. Same shape as `ids`."""
    return (ids != 0).long()


def added_mask(mask: Tensor) -> Tensor:
    """What attention adds to its scores, [rows, tokens] to [rows, 1, 1, tokens]: given like this, no model looks into
    the mask whether it could do without."""
    return ((1 - mask) * OUT)[:, None, None, :].float()


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


def cut_alike(
    items: Sequence[T], length: Callable[[T], int], tokens: int, multiple: int, rng: random.Random
) -> list[tuple[int, list[T]]]:
    """As `cut`, with the length that each batch is to be padded to. If that is to be a `multiple` above 1, every batch
    has as many rows as fit, the last filled up with items drawn again, so that shapes come again and again."""
    if multiple == 1:
        return [(max(map(length, batch)), batch) for batch in cut(items, length, tokens)]
    rows, batches = sorted(items, key=length), []
    while rows:
        size, count = 0, 1
        while (needed := up(length(rows[min(count, len(rows)) - 1]), multiple)) > size:
            size, count = needed, max(1, tokens // needed)
        batch, rows = rows[:count], rows[count:]
        batches.append((size, batch + rng.choices(items, k=count - len(batch))))
    return batches


def up(number: int, multiple: int) -> int:
    """The next multiple."""
    return -(-number // multiple) * multiple


class Ragged:
    """Rows of ids in one array: a million arrays take long to make, and long to fork a process with."""

    def __init__(self, rows: Iterable[Sequence[int]]) -> None:
        flat, ends = array("i"), array("q", [0])
        for row in rows:
            flat.extend(row)
            ends.append(len(flat))
        self.flat, self.ends = numpy.array(flat, numpy.int32), numpy.array(ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __iter__(self) -> Iterator[Ids]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int) -> Ids:
        """The ids of one row; they are counted from 0 only."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.flat[self.ends[index] : self.ends[index + 1]]


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
            chosen += order(self.seed, epoch, self.size)[offset : offset + self.count - len(chosen)].tolist()
        return chosen


@lru_cache(maxsize=8)
def order(seed: int, epoch: int, size: int) -> NDArray[numpy.int64]:
    """All of 0…size-1, in this epoch's order."""
    return numpy.random.default_rng([seed, epoch]).permutation(size)
