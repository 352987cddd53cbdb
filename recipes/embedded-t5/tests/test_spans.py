import numpy
import pytest
from by_hand import restored

from embedded_t5 import spans
from embedded_t5.batches import Ids, padded
from embedded_t5.spans import IGNORED, NOISE, SINGLE_WORD, Pieces, chosen_words, corrupt, fill_in, pieces_of
from embedded_t5.tokenizer import END

SENTINEL = 99
PIECES = 91
BEGINS = numpy.array([token % 3 == 0 and token > 0 for token in range(100)])
SAME = Pieces(BEGINS, numpy.full(100, 2))


def texts(lengths: tuple[int, ...], seed: int) -> Ids:
    """Texts of random tokens that begin with a word."""
    rng = numpy.random.default_rng(seed)
    return padded([[3, *rng.integers(2, 90, length - 1).tolist()] for length in lengths])


def test_masking_by_hand() -> None:
    ids = padded([[10, 11, 12, 13, 14], [20, 21]])
    masked = numpy.array([[False, True, True, False, True], [True, False, False, False, False]])
    kept, target = fill_in(ids, masked, SENTINEL)
    assert kept.tolist() == [[10, 99, 13, 98, END], [99, 21, END, 0, 0]]
    assert target.tolist() == [[99, 11, 12, 98, 14, 97, END], [99, 20, 98, END, *[IGNORED] * 3]]


def test_words_are_masked_whole_and_never_padding() -> None:
    ids = texts((2, 7, 40, 40, 1), 1)
    word = BEGINS[ids].cumsum(1)
    for seed in range(50):
        masked = chosen_words(ids, SAME, numpy.random.default_rng(seed))
        assert masked.any(1).all()
        assert not masked[ids == 0].any()
        for row in range(len(ids)):
            tokens = ids[row] != 0
            for number in set(word[row][tokens]):
                assert len(set(masked[row][tokens & (word[row] == number)])) == 1


def test_a_fifth_of_the_words_is_masked_and_in_half_of_the_texts_a_single_one() -> None:
    ids = padded([[3] * 40] * 2000)
    masked = chosen_words(ids, SAME, numpy.random.default_rng(3)).sum(1)
    single = (masked == 1).mean()
    assert single == pytest.approx(SINGLE_WORD, abs=0.03)
    assert masked[masked > 1].mean() == pytest.approx(1 + NOISE * 39, abs=0.3)


def test_a_word_that_is_masked_alone_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `a profit of 1996` the second word, in two pieces, never what is short or has a digit; of `a of 1996` any."""
    monkeypatch.setattr(spans, "SINGLE_WORD", 1.0)
    pieces = pieces_of(["<pad>", "▁a", "▁pro", "fit", "▁of", "▁1996", "▁"])
    ids = padded([[1, 2, 3, 4, 5]] * 400 + [[1, 4, 5]] * 400)
    masked = chosen_words(ids, pieces, numpy.random.default_rng(5))
    whole = [tuple(numpy.flatnonzero(row)) for row in masked]
    assert set(whole[:400]) == {(1, 2)}
    assert set(whole[400:]) == {(0,), (1,), (2,)}


def test_odd_texts() -> None:
    """Of one that begins with no word, what leads belongs to the first; of nothing, nothing is asked."""
    ids = padded([[4, 3, 5], [4, 5], []])
    for seed in range(20):
        kept, target = corrupt(ids, SAME, SENTINEL, numpy.random.default_rng(seed))
        assert [restored(*row, PIECES) for row in zip(kept.tolist(), target.tolist(), strict=True)] == [
            [4, 3, 5],
            [4, 5],
            [],
        ]
        assert kept[1].tolist()[:2] == [SENTINEL, END]


def test_nothing_is_lost() -> None:
    ids = texts((1, 2, 7, 40, 12), 4)
    for seed in range(50):
        kept, target = corrupt(ids, SAME, SENTINEL, numpy.random.default_rng(seed))
        for row, inputs, answers in zip(ids.tolist(), kept.tolist(), target.tolist(), strict=True):
            assert restored(inputs, answers, PIECES) == [token for token in row if token]
