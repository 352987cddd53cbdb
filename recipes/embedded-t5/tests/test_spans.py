import random
from itertools import pairwise

from embedded_t5.spans import corrupt, mask, random_spans, word_at
from embedded_t5.tokenizer import END

SENTINEL = 99


def restore(kept: list[int], target: list[int]) -> list[int]:
    """Put the target's spans back into the blanks."""
    spans: dict[int, list[int]] = {}
    for token in target[:-1]:
        if token > 90:
            spans[token] = current = []
        else:
            current.append(token)
    return [token for item in kept[:-1] for token in spans.get(item, [item])]


def test_masking_by_hand() -> None:
    kept, target = mask([10, 11, 12, 13, 14], [(1, 3), (4, 5)], SENTINEL)
    assert kept == [10, 99, 13, 98, END]
    assert target == [99, 11, 12, 98, 14, 97, END]


def test_a_word_reaches_to_the_next_beginning() -> None:
    begins = [False, True, False, False, True]
    assert word_at([1, 2, 3, 4], begins, 0) == (0, 3)
    assert word_at([1, 2, 3, 4], begins, 3) == (3, 4)


def test_nothing_is_lost_and_spans_lie_apart() -> None:
    rng = random.Random(4)
    begins = [token % 3 == 0 for token in range(100)]
    for length in (1, 2, 7, 40):
        for _ in range(50):
            ids = [rng.randrange(2, 90) for _ in range(length)]
            kept, target = corrupt(ids, begins, SENTINEL, rng)
            assert restore(kept, target) == ids
            spans = random_spans(length, rng)
            assert all(end < start for (_, end), (start, _) in pairwise(spans))
