"""Span filling, T5's own objective (arXiv 1910.10683, section 3.1.4), and the filling of one masked word."""

import random
from collections.abc import Sequence

from embedded_t5.tokenizer import END

NOISE = 0.15
MEAN_SPAN = 3
# The share of examples in which a single word is masked, as a template with one blank asks for it.
SINGLE_WORD = 0.5


def corrupt(
    ids: Sequence[int], begins_word: Sequence[bool], first_sentinel: int, rng: random.Random
) -> tuple[list[int], list[int]]:
    """Input and target ids. `ids` have no end token; sentinels count down from `first_sentinel`."""
    starts = [index for index, token in enumerate(ids) if begins_word[token]]
    if rng.random() < SINGLE_WORD and len(starts) > 1:
        return mask(ids, [word_at(ids, begins_word, rng.choice(starts))], first_sentinel)
    return mask(ids, random_spans(len(ids), rng), first_sentinel)


def word_at(ids: Sequence[int], begins_word: Sequence[bool], start: int) -> tuple[int, int]:
    """The first and the last but one position of the word that begins at `start`."""
    end = start + 1
    while end < len(ids) and not begins_word[ids[end]]:
        end += 1
    return start, end


def random_spans(length: int, rng: random.Random) -> list[tuple[int, int]]:
    """Spans that cover NOISE of the text, MEAN_SPAN long on average, with at least a token between them."""
    count = max(1, round(length * NOISE / MEAN_SPAN))
    spans: list[tuple[int, int]] = []
    for start in sorted(rng.sample(range(length), min(count, length))):
        end = min(length, start + rng.randint(1, 2 * MEAN_SPAN - 1))
        if not spans or start > spans[-1][1]:
            spans.append((start, end))
    return spans


def mask(ids: Sequence[int], spans: Sequence[tuple[int, int]], first_sentinel: int) -> tuple[list[int], list[int]]:
    """Put a sentinel for each span; the target lists each sentinel and its span, a closing sentinel, the end."""
    kept: list[int] = []
    target: list[int] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        sentinel = first_sentinel - number
        kept += [*ids[at:start], sentinel]
        target += [sentinel, *ids[start:end]]
        at = end
    return [*kept, *ids[at:], END], [*target, first_sentinel - len(spans), END]
