import numpy

from embedded_t5.batches import Ids, padded
from embedded_t5.spans import IGNORED, chosen_words, corrupt, fill_in
from embedded_t5.tokenizer import END

SENTINEL = 99
BEGINS = numpy.array([token % 3 == 0 and token > 0 for token in range(100)])


def texts(lengths: tuple[int, ...], seed: int) -> Ids:
    """Texts of random tokens that begin with a word."""
    rng = numpy.random.default_rng(seed)
    return padded([[3, *rng.integers(2, 90, length - 1).tolist()] for length in lengths])


def restore(kept: list[int], target: list[int]) -> list[int]:
    """Put the target's spans back into the blanks; without padding and end tokens."""
    spans: dict[int, list[int]] = {}
    for token in target[: target.index(END)]:
        if token > 90:
            spans[token] = current = []
        else:
            current.append(token)
    return [token for item in kept[: kept.index(END)] for token in spans.get(item, [item])]


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
        masked = chosen_words(ids, BEGINS, numpy.random.default_rng(seed))
        assert masked.any(1).all()
        assert not masked[ids == 0].any()
        for row in range(len(ids)):
            tokens = ids[row] != 0
            for number in set(word[row][tokens]):
                assert len(set(masked[row][tokens & (word[row] == number)])) == 1


def test_some_texts_have_one_blank_and_others_more() -> None:
    ids = texts((60,) * 200, 2)
    blanks = (numpy.diff(chosen_words(ids, BEGINS, numpy.random.default_rng(3)).astype(int), axis=1) == 1).sum(1)
    assert 20 < (blanks <= 1).sum() < 120
    assert blanks.max() > 4


def test_nothing_is_lost() -> None:
    ids = texts((1, 2, 7, 40, 12), 4)
    for seed in range(50):
        kept, target = corrupt(ids, BEGINS, SENTINEL, numpy.random.default_rng(seed))
        for row, inputs, answers in zip(ids.tolist(), kept.tolist(), target.tolist(), strict=True):
            assert restore(inputs, answers) == [token for token in row if token]
