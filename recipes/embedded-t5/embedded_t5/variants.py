"""Variants of short reviews that people labelled, for a teacher to label: a small model knows the originals, most of
them critics' sentences or parts of these, by heart before it has learned what their words mean (Tang et al. 2019, arXiv
1903.12136; TinyBERT, arXiv 1909.10351).

A word gives way to one that stands between the same two neighbours somewhere else, so that most variants read well.
"""

import random
import re
from collections.abc import Iterable, Sequence

WORD = re.compile(r"-[lr][rs]b-|--+|\.\.+|\d+(?:[.,]\d+)+|'?\w+(?:['-]\w+)*|[^\w\s]")
# Words of a sentence that is varied.
FEWEST, MOST = 6, 45
# Shares of the words that may be replaced and that are left out, and of the sentences of which only a part is kept.
REPLACED, LEFT_OUT, CUT = 0.3, 0.05, 0.25
SHORTEST_PART, LONGEST_PART = 3, 14
# A few texts offer nothing to replace: so many tries for each variant wanted.
TRIES = 4

Fillers = dict[tuple[str, str], list[str]]


def variants(originals: Sequence[str], corpus: Iterable[str], count: int, rng: random.Random) -> list[str]:
    """At most `count` texts made of the `originals` by turns, none equal to one of them; words come from the
    `corpus`."""
    sentences = [words for words in map(WORD.findall, originals) if FEWEST <= len(words) <= MOST]
    if not sentences:
        return []
    fillers, known = fillers_of(sentences, corpus), {*originals, *map(" ".join, sentences)}
    rng.shuffle(sentences)
    made: dict[str, None] = {}
    for turn in range(count * TRIES):
        if len(made) == count:
            break
        text = " ".join(varied(sentences[turn % len(sentences)], fillers, rng))
        if text not in known:
            made[text] = None
    return list(made)


def fillers_of(sentences: Sequence[Sequence[str]], corpus: Iterable[str]) -> Fillers:
    """The words that the corpus has between each pair of neighbours in the sentences, each once."""
    found: dict[tuple[str, str], dict[str, None]] = {
        (left, right): {} for words in sentences for left, _, right in triples(words)
    }
    for text in corpus:
        for left, word, right in triples(WORD.findall(text)):
            if (left, right) in found:
                found[left, right][word] = None
    return {pair: list(words) for pair, words in found.items()}


def triples(words: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """Each word between its neighbours; beyond the ends there is nothing."""
    return zip(["", *words], words, [*words[1:], ""], strict=False)


def varied(words: Sequence[str], fillers: Fillers, rng: random.Random) -> list[str]:
    """A variant: words replaced, words left out, and perhaps only a part of it."""
    chosen = [
        rng.choice(options) if (options := fillers[left, right]) and rng.random() < REPLACED else word
        for left, word, right in triples(words)
    ]
    kept = [word for word in chosen if rng.random() >= LEFT_OUT]
    if rng.random() >= CUT or len(kept) <= SHORTEST_PART:
        return kept
    length = rng.randint(SHORTEST_PART, min(LONGEST_PART, len(kept)))
    start = rng.randint(0, len(kept) - length)
    return kept[start : start + length]
