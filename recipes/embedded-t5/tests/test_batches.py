import random

from embedded_t5.batches import Rounds, Stream, cut, mask_of, pad


def test_padding_is_masked() -> None:
    ids = pad([[5, 1], [7, 8, 1]])
    assert ids.tolist() == [[5, 1, 0], [7, 8, 1]]
    assert mask_of(ids).tolist() == [[1, 1, 0], [1, 1, 1]]


def test_batches_keep_to_the_budget_and_lose_nothing() -> None:
    items = [list(range(length)) for length in (9, 1, 4, 4, 2, 30, 3)]
    batches = cut(items, len, 12)
    assert sorted(len(item) for batch in batches for item in batch) == [1, 2, 3, 4, 4, 9, 30]
    assert all(len(batch) == 1 or len(batch) * max(map(len, batch)) <= 12 for batch in batches)


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


def test_rounds_go_through_everything_before_anything_again() -> None:
    rounds = Rounds(3, 10, 4)
    drawn = [index for pool in range(5) for index in rounds.draw(pool)]
    assert sorted(drawn[:10]) == sorted(drawn[10:]) == list(range(10))
    assert rounds.draw(3) == drawn[12:16]


def test_rounds_over_nothing_draw_nothing() -> None:
    assert Rounds(3, 0, 4).draw(0) == []
