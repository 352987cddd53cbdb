import os
import random
import signal
import time

import pytest

from embedded_t5.stream import Stream


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
    assert [ahead.next() for _ in range(20)] == [here.next() for _ in range(20)]
    ahead.restore((1, 0))
    here.restore((1, 0))
    assert [ahead.next() for _ in range(20)] == [here.next() for _ in range(20)]
    ahead.close()


def test_what_fails_ahead_fails_here() -> None:
    def pool(rng: random.Random, number: int) -> list[int]:
        if number == 2:
            raise ValueError("pool 2 is broken")
        return [number]

    stream = Stream(1, pool, workers=2)
    assert [stream.next(), stream.next()] == [0, 1]
    with pytest.raises(RuntimeError, match="pool 2 is broken"):
        stream.next()
    stream.close()


def test_a_process_that_is_gone_is_no_endless_wait() -> None:
    def pool(rng: random.Random, number: int) -> list[int]:
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return [number]

    stream = Stream(1, pool, workers=2)
    assert stream.next() == 0
    with pytest.raises(RuntimeError, match="pool 1 is gone"):
        stream.next()
    stream.close()


def test_the_processes_end_with_a_killed_parent() -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        stream = Stream(1, lambda rng, number: [bytes(100_000)], workers=2)
        stream.next()
        os.write(writer, " ".join(str(process.pid) for process in stream.processes).encode())
        time.sleep(60)
    workers = [int(number) for number in os.read(reader, 100).split()]
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    deadline = time.monotonic() + 20
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(workers) == 2
    assert not [worker for worker in workers if alive(worker)]


def alive(process: int) -> bool:
    """Whether it runs; one that has ended and waits to be noticed does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf8") as file:  # noqa: PTH123 - no path of ours
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
