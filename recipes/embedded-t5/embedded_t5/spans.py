"""Span filling, T5's own objective (arXiv 1910.10683, section 3.1.4), over whole words, as people leave them out."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from embedded_t5.batches import Ids
from embedded_t5.tokenizer import END

# The share of the other words that is masked beside the one that always is.
NOISE = 0.2
# The share of texts in which a single word is masked, as a template with one blank asks for it; and the fewest letters
# of such a word, so that it says something. Where there is one it has nothing but letters.
SINGLE_WORD = 0.5
TELLING = 4
IGNORED = -100

Mask = NDArray[numpy.bool_]


class Pieces(NamedTuple):
    """Of every id, whether a word begins with it, and its letters; far below 0 where anything else is among them."""

    begins_word: Mask
    letters: NDArray[numpy.int64]


def pieces_of(names: Sequence[str]) -> Pieces:
    """The pieces of a SentencePiece vocabulary by id."""
    bare = [name.removeprefix("▁") for name in names]
    letters = [len(text) if text.isalpha() or not text else -1000 for text in bare]
    return Pieces(numpy.array([name.startswith("▁") for name in names]), numpy.array(letters))


def corrupt(ids: Ids, pieces: Pieces, first_sentinel: int, rng: numpy.random.Generator) -> tuple[Ids, Ids]:
    """Inputs and targets of padded texts [texts, length] without end tokens, padded with 0 and IGNORED. Sentinels count
    down from `first_sentinel`."""
    return fill_in(ids, chosen_words(ids, pieces, rng), first_sentinel)


def chosen_words(ids: Ids, pieces: Pieces, rng: numpy.random.Generator) -> Mask:
    """The tokens of one word of each text, and where it is not to stay alone, of NOISE of the others:
    [texts, length]."""
    there, rows = ids != 0, numpy.arange(len(ids))
    word = numpy.where(there, numpy.maximum(pieces.begins_word[ids].cumsum(1) - 1, 0), 0)
    words = word.max(1) + 1
    letters = numpy.zeros((len(ids), words.max()), numpy.int64)
    numpy.add.at(letters, (rows[:, None], word), numpy.where(there, pieces.letters[ids], 0))
    alone = rng.random(len(ids)) < SINGLE_WORD
    noisy = numpy.less(rng.random(letters.shape), NOISE)
    noisy[alone] = False
    chances = rng.random(letters.shape) + (alone[:, None] & (letters >= TELLING))
    chances[numpy.arange(letters.shape[1]) >= words[:, None]] = -1
    noisy[rows, chances.argmax(1)] = True
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
