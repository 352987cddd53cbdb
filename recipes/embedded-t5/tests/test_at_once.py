import os
from dataclasses import replace

import pytest
import torch

from embedded_t5.at_once import at_once
from embedded_t5.run import Run


def who(number: int) -> tuple[int, int, int]:
    return number, os.getpid(), torch.get_num_threads()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)


def test_trainings_share_the_threads(run: Run, threads: None) -> None:
    found = at_once(run, who, 2)
    assert [(number, given) for number, _, given in found] == [(0, 2), (1, 2)]
    assert os.getpid() not in {process for _, process, _ in found}


def test_they_come_one_after_the_other_where_threads_are_few_or_on_a_gpu(run: Run, threads: None) -> None:
    assert {process for _, process, _ in at_once(run, who, 5)} == {os.getpid()}
    on_gpu = replace(run, device=torch.device("cuda"))
    assert {process for _, process, _ in at_once(on_gpu, who, 2)} == {os.getpid()}
