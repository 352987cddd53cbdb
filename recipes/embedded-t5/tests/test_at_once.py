import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import torch

from embedded_t5.at_once import train_at_once

CPU = torch.device("cpu")
PATIENCE = 60.0


def met(folder: Path, number: int) -> tuple[int, int]:
    """Waits for the other training, so that it ends only where both run at once."""
    (folder / f"{number}.alive").touch()
    until = time.monotonic() + PATIENCE
    while len(list(folder.glob("*.alive"))) < 2:
        assert time.monotonic() < until, "the other never came"
        time.sleep(0.05)
    return number, torch.get_num_threads()


def fail_or_go_on(folder: Path, number: int) -> None:
    """The first fails once the second has begun, which would go on for ever."""
    met(folder, number)
    assert number
    go_on(folder, number)


def go_on(folder: Path, number: int) -> None:
    """For ever, with a sign of life now and then."""
    while True:
        (folder / f"{number}.alive").touch()
        time.sleep(0.1)


def who(number: int) -> tuple[int, int]:
    return number, os.getpid()


@pytest.fixture
def four_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)


@pytest.mark.usefixtures("four_threads")
def test_trainings_run_side_by_side_with_their_share_of_the_threads(tmp_path: Path) -> None:
    assert train_at_once(CPU, partial(met, tmp_path), 2) == [(0, 2), (1, 2)]


@pytest.mark.usefixtures("four_threads")
def test_one_that_fails_ends_the_others(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        train_at_once(CPU, partial(fail_or_go_on, tmp_path), 2)
    assert is_quiet(tmp_path)


@pytest.mark.usefixtures("four_threads")
def test_they_come_one_after_the_other_where_threads_are_few_or_on_a_gpu() -> None:
    for device, count in ((CPU, 5), (torch.device("cuda"), 2)):
        assert train_at_once(device, who, count) == [(number, os.getpid()) for number in range(count)]


def test_they_end_with_the_process_that_waits_for_them(tmp_path: Path) -> None:
    script = (
        "import sys, torch; from functools import partial; from pathlib import Path; "
        "from embedded_t5.at_once import train_at_once; from test_at_once import CPU, go_on; "
        "torch.set_num_threads(2); train_at_once(CPU, partial(go_on, Path(sys.argv[1])), 2)"
    )
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment) as parent:
        until = time.monotonic() + PATIENCE
        while len(list(tmp_path.glob("*.alive"))) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        assert not is_quiet(tmp_path)
        parent.kill()
    assert is_quiet(tmp_path)


def is_quiet(folder: Path) -> bool:
    """Whether no training gives a sign of life within a few seconds, after one in which it may end."""
    time.sleep(1)
    before = last_signs(folder)
    time.sleep(3)
    return last_signs(folder) == before


def last_signs(folder: Path) -> list[float]:
    """When each gave its last."""
    return sorted(path.stat().st_mtime for path in folder.glob("*.alive"))
