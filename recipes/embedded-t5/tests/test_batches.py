import random

import pytest

from embedded_t5.batches import Ragged, Rounds, Stream, cut, cut_alike, mask_of, pad


def test_padding_is_masked() -> None:
    ids = pad([[5, 1], [7, 8, 1]])
    assert ids.tolist() == [[5, 1, 0], [7, 8, 1]]
    assert mask_of(ids).tolist() == [[1, 1, 0], [1, 1, 1]]


def test_ragged_rows() -> None:
    rows = Ragged([[5, 6], [], [7]])
    assert [row.tolist() for row in rows] == [[5, 6], [], [7]]
    assert len(rows) == 3 and rows[2].tolist() == [7]
    assert list(Ragged([])) == []


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


def test_a_restored_stream_goes_on_as_the_first_would() -> None:
    def pool(rng: random.Random, number: int) -> list[int]:
        return [number * 100 + rng.randrange(100) for _ in range(5)]

    first = Stream(1, pool)
    seen = [first.next() for _ in range(7)]
    state = first.state()
    rest = [first.next() for _ in range(9)]
    second = Stream(1, pool)
    second.restore(state)
    assert [second.next() for _ in range(9)] == rest
    assert len(seen) == 7


def test_pools_made_ahead_are_the_same_from_anywhere() -> None:
    def pool(rng: random.Random, number: int) -> list[int]:
        return [number * 100 + rng.randrange(100) for _ in range(5)]

    here, ahead = Stream(1, pool), Stream(1, pool, workers=3)
    for stream in (here, ahead):
        stream.restore((4, 2))
    assert [ahead.next() for _ in range(40)] == [here.next() for _ in range(40)]
    assert ahead.state() == here.state()
    ahead.close()
    assert ahead.next() == here.next()


def test_what_fails_ahead_fails_here() -> None:
    def pool(rng: random.Random, number: int) -> list[int]:
        if number == 2:
            raise ValueError("pool 2 is broken")
        return [number]

    stream = Stream(1, pool, workers=2)
    assert [stream.next(), stream.next()] == [0, 1]
    with pytest.raises(ValueError, match="pool 2 is broken"):
        stream.next()


def test_rounds_go_through_everything_before_anything_again() -> None:
    rounds = Rounds(3, 10, 4)
    drawn = [index for pool in range(5) for index in rounds.draw(pool)]
    assert sorted(drawn[:10]) == sorted(drawn[10:]) == list(range(10))
    assert rounds.draw(3) == drawn[12:16]


def test_rounds_over_nothing_draw_nothing() -> None:
    assert Rounds(3, 0, 4).draw(0) == []
