import random

import pytest

from embedded_t5.batches import Ragged, Rounds, cut, cut_alike, mask_of, pad


def test_padding_is_masked() -> None:
    ids = pad([[5, 1], [7, 8, 1]])
    assert ids.tolist() == [[5, 1, 0], [7, 8, 1]]
    assert mask_of(ids).tolist() == [[1, 1, 0], [1, 1, 1]]


def test_ragged_rows() -> None:
    rows = Ragged([[5, 6], [], [7]])
    assert [row.tolist() for row in rows] == [[5, 6], [], [7]]
    assert len(rows) == 3 and len(Ragged([])) == 0
    with pytest.raises(IndexError):
        rows[3]


def test_batches_keep_to_the_budget_and_lose_nothing() -> None:
    items = [list(range(length)) for length in (9, 1, 4, 4, 2, 30, 3)]
    batches = cut(items, len, 12)
    assert sorted(len(item) for batch in batches for item in batch) == [1, 2, 3, 4, 4, 9, 30]
    assert all(len(batch) == 1 or len(batch) * max(map(len, batch)) <= 12 for batch in batches)


def test_shapes_come_again() -> None:
    rng = random.Random(5)
    items = [list(range(rng.randint(1, 60))) for _ in range(500)]
    batches = cut_alike(items, len, 256, 8, rng)
    assert all(size % 8 == 0 and len(batch) == 256 // size for size, batch in batches)
    assert all(len(item) <= size for size, batch in batches for item in batch)
    assert len(batches) > 40 and len({size for size, _ in batches}) <= 8
    seen = [len(item) for _, batch in batches for item in batch]
    assert all(seen.count(length) >= sum(len(item) == length for item in items) for length in range(1, 61))


def test_without_a_multiple_batches_are_cut_plainly() -> None:
    items = [list(range(length)) for length in (9, 1, 4, 4, 2, 30, 3)]
    batches = cut_alike(items, len, 12, 1, random.Random(1))
    assert [batch for _, batch in batches] == cut(items, len, 12)
    assert [size for size, _ in batches] == [max(map(len, batch)) for _, batch in batches]


def test_rounds_go_through_everything_before_anything_again() -> None:
    rounds = Rounds(3, 10, 4)
    drawn = [index for pool in range(5) for index in rounds.draw(pool)]
    assert sorted(drawn[:10]) == sorted(drawn[10:]) == list(range(10))
    assert rounds.draw(3) == drawn[12:16]


def test_rounds_over_nothing_draw_nothing() -> None:
    assert Rounds(3, 0, 4).draw(0) == []
