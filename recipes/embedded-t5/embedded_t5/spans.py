"""Span filling, T5's own objective (arXiv 1910.10683, section 3.1.4), over whole words, as people leave them out."""

import numpy
from numpy.typing import NDArray

from embedded_t5.batches import Ids
from embedded_t5.tokenizer import END

# The share of the other words that is masked beside the one that always is.
NOISE = 0.2
# The share of texts in which a single word is masked, as a template with one blank asks for it.
SINGLE_WORD = 0.3
IGNORED = -100

Mask = NDArray[numpy.bool_]


def corrupt(ids: Ids, begins_word: Mask, first_sentinel: int, rng: numpy.random.Generator) -> tuple[Ids, Ids]:
    """Inputs and targets of padded texts [texts, length] without end tokens, padded with 0 and IGNORED. `begins_word`
    tells of every id whether a word begins with it; sentinels count down from `first_sentinel`."""
    return fill_in(ids, chosen_words(ids, begins_word, rng), first_sentinel)


def chosen_words(ids: Ids, begins_word: Mask, rng: numpy.random.Generator) -> Mask:
    """The tokens of one word of each text, and where it is not to stay alone, of NOISE of the others:
    [texts, length]."""
    there = ids != 0
    word = numpy.where(there, numpy.maximum(begins_word[ids].cumsum(1) - 1, 0), 0)
    words = word.max(1) + 1
    one = rng.integers(0, words)
    noisy = rng.random((len(ids), words.max())) < NOISE
    noisy[rng.random(len(ids)) < SINGLE_WORD] = False
    noisy[numpy.arange(len(ids)), one] = True
    return there & numpy.take_along_axis(noisy, word, 1)


def fill_in(ids: Ids, masked: Mask, first_sentinel: int) -> tuple[Ids, Ids]:
    """Put a sentinel for each run of masked tokens; the target lists each sentinel and its run, a closing sentinel, the
    end. Padding, 0, must not be masked."""
    begins = masked & ~numpy.pad(masked, ((0, 0), (1, 0)))[:, :-1]
    sentinels = first_sentinel + 1 - begins.cumsum(1)
    kept = (ids != 0) & (~masked | begins)
    inputs = gathered(numpy.where(begins, sentinels, ids), kept, 1, 0)
    inputs[numpy.arange(len(ids)), kept.sum(1)] = END
    pairs = numpy.stack([sentinels, ids], 2).reshape(len(ids), -1)
    wanted = numpy.stack([begins, masked], 2).reshape(len(ids), -1)
    targets = gathered(pairs, wanted, 2, IGNORED)
    rows, ends = numpy.arange(len(ids)), wanted.sum(1)
    targets[rows, ends] = first_sentinel - begins.sum(1)
    targets[rows, ends + 1] = END
    return inputs, targets


def gathered(values: Ids, wanted: Mask, room: int, padding: int) -> Ids:
    """The `wanted` values of each row moved to its beginning, with `room` at the end of the longest."""
    counts = wanted.sum(1)
    moved = numpy.full((len(values), counts.max() + room), padding, numpy.int32)
    moved[numpy.arange(moved.shape[1]) < counts[:, None]] = values[wanted]
    return moved
