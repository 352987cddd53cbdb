import random
from collections.abc import Sequence

import pytest

from embedded_t5 import shots
from embedded_t5.finance import base_folder
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores
from embedded_t5.prompts import short_prompt
from embedded_t5.run import Run
from embedded_t5.shots import LONGEST_SHOT, SHOTS, demonstrations, similar_shots
from embedded_t5.t5 import load_model
from embedded_t5.tokenizer import load_tokenizer


def test_demonstrations_take_labels_by_turns() -> None:
    rows = [Labelled(f"text {number}", number % 3) for number in range(30)]
    shown = demonstrations(rows, random.Random(1))
    assert sorted(label for _, label in shown) == ["negative", "negative", "neutral", "positive", "positive"]


def test_the_nearest_rows_are_shown_the_nearest_last(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answered(*given: Sequence[str]) -> Scores:
        asked.extend(given[3])
        return {"accuracy": 0.5, "macroF1": 0.5, "rows": 2}

    monkeypatch.setattr(shots, "answered", answered)
    words = "bank oil film report market profit court deal".split()
    tuning = [Labelled(f"{word} falls", number % 3) for number, word in enumerate(words)]
    long = Labelled("oil falls" + " again" * LONGEST_SHOT, 0)
    tokenizer, model = load_tokenizer(tuned.folder("tokenizer")), load_model(base_folder(tuned))
    similar_shots(tuned, model, tokenizer, [*tuning, long], [tuning[1], tuning[4]])
    for prompt, row in zip(asked, (tuning[1], tuning[4]), strict=True):
        assert prompt.endswith(f"{short_prompt(row.text)} {SENTIMENTS[row.label]}. {short_prompt(row.text)}")
        assert prompt.count("sentiment:") == SHOTS + 1
        assert "again" not in prompt
