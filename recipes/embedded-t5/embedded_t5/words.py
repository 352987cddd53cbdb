"""Words that the teacher's tokenizer and ours see alike, so that the states of each can be compared. This makes no
tensors: it is used in the processes that make batches."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from embedded_t5.batches import Ids, padded

# The place of what belongs to no word.
NOWHERE = -1


class Placed(NamedTuple):
    """The token ids of a text, and for each the number of the word, between two spaces, that it lies in, or NOWHERE."""

    ids: list[int]
    places: list[int]


class Aligned(NamedTuple):
    """Texts as we and as the teacher see them: token ids and places of words, all [texts, length]."""

    ids: Ids
    places: Ids
    teacher_ids: Ids
    teacher_places: Ids


def place(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], longest: int) -> list[Placed]:
    """The tokens of each text, special ones included; of a long one the first, and the last, which is special,
    `longest` in all. The last word before the cut may be a part of one."""
    found = tokenizer(list(texts), return_offsets_mapping=True, return_special_tokens_mask=True)
    made = []
    for row, text in enumerate(texts):
        before = spaces_before(text)
        special, offsets = found["special_tokens_mask"][row], found["offset_mapping"][row]
        places = [NOWHERE if mark else word_of(before, *span) for span, mark in zip(offsets, special, strict=True)]
        made.append(Placed(shortened(found["input_ids"][row], longest), shortened(places, longest)))
    return made


def shortened(row: list[int], longest: int) -> list[int]:
    """The first entries and the last one, `longest` in all."""
    return row if len(row) <= longest else [*row[: longest - 1], row[-1]]


def spaces_before(text: str) -> NDArray[numpy.int64]:
    """How many spaces there are up to each character, that character included: [characters]."""
    return numpy.cumsum(numpy.frombuffer(text.encode("utf-32-le"), numpy.uint32) == ord(" "))


def word_of(before: NDArray[numpy.int64], start: int, end: int) -> int:
    """The number of the word that the characters from `start` to `end` lie in; a space counts to the word after it."""
    return int(before[end - 1]) if start < end else NOWHERE


def aligned(pairs: Sequence[tuple[Placed, Placed]], size: int) -> Aligned:
    """A batch of our and the teacher's view of some texts, all four as wide as `size`."""
    ours, theirs = zip(*pairs, strict=True)
    return Aligned(
        padded([one.ids for one in ours], 0, size),
        padded([one.places for one in ours], NOWHERE, size),
        padded([one.ids for one in theirs], 0, size),
        padded([one.places for one in theirs], NOWHERE, size),
    )
