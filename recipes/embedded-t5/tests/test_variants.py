import random

import pytest

from embedded_t5 import variants as module
from embedded_t5.variants import fillers_of, variants, varied

SENTENCES = ["a dull film that nobody will miss .", "a bright film that nobody should miss ."]


def test_a_word_gives_way_to_one_between_the_same_neighbours() -> None:
    fillers = fillers_of([SENTENCES[0].split()], [*SENTENCES, "a gaudy film", "a dull book"])
    assert fillers["a", "film"] == ["dull", "bright", "gaudy"]
    assert fillers["nobody", "miss"] == ["will", "should"]
    assert fillers["", "dull"] == ["a"]
    assert ("a", "book") not in fillers


def test_a_variant_keeps_the_order_and_takes_words_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEFT_OUT", 0.0)
    monkeypatch.setattr(module, "CUT", 0.0)
    words = SENTENCES[0].split()
    fillers = fillers_of([words], SENTENCES)
    found = {" ".join(varied(words, fillers, random.Random(seed))) for seed in range(200)}
    assert found == {
        f"a {one} film that nobody {other} miss ." for one in ("dull", "bright") for other in ("will", "should")
    }


def test_a_part_is_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CUT", 1.0)
    words = [str(number) for number in range(30)]
    fillers = fillers_of([words], [])
    for seed in range(100):
        part = [int(word) for word in varied(words, fillers, random.Random(seed))]
        assert module.SHORTEST_PART <= len(part) <= module.LONGEST_PART
        assert part == sorted(part)


def test_variants_differ_from_each_other_and_from_their_originals() -> None:
    corpus = [f"a {word} film that nobody {other} miss ." for word in "abcdefgh" for other in "ijklmnop"]
    made = variants(SENTENCES, corpus, 50, random.Random(1))
    assert len(made) == len(set(made)) == 50
    assert not set(made) & set(SENTENCES)
    assert made == variants(SENTENCES, corpus, 50, random.Random(1))


def test_too_few_or_too_short_sentences_give_what_there_is() -> None:
    assert variants(["too short"], SENTENCES, 10, random.Random(1)) == []
    assert len(variants(SENTENCES, [], 10_000, random.Random(1))) < 10_000


@pytest.mark.parametrize("text", ["a film -- well ...", "-lrb- 1,996 of 5.99 -rrb-", "it 's , perhaps , well-made !"])
def test_what_critics_write_as_one_word_stays_one(text: str) -> None:
    assert " ".join(module.WORD.findall(text)) == text


def test_an_apostrophe_begins_a_word() -> None:
    assert module.WORD.findall("it 's a film that isn't well-made , 'twas .") == [
        *("it", "'s", "a", "film", "that", "isn't", "well-made", ",", "'twas", ".")
    ]
