import random
from collections import Counter

import numpy
import pytest

from embedded_t5.opinions import raise_neutral
from embedded_t5.prepare import TaskRow
from embedded_t5.prompts import Examples


def test_raising_neutral_multiplies_its_odds() -> None:
    raised = raise_neutral(numpy.array([[0.25, 0.25, 0.5], [0.0, 1.0, 0.0]], numpy.float32), numpy.log(3))
    assert raised[0].tolist() == pytest.approx([0.125, 0.125, 0.75])
    assert raised[1].tolist() == [0.0, 1.0, 0.0]


def test_answers_follow_the_shares_of_a_teacher() -> None:
    examples, rng = Examples([TaskRow("shares of a mill", 1, "wire", (0.2, 0.7, 0.1))]), random.Random(2)
    kinds = {"negative": 0, "bearish": 0, "bad": 0, "positive": 1, "bullish": 1, "good": 1, "neutral": 2}
    drawn = Counter(kinds[examples.draw(0, rng)[1]] for _ in range(4000))
    assert [drawn[label] / 4000 for label in range(3)] == pytest.approx([0.2, 0.7, 0.1], abs=0.03)
