import random

import pytest
import torch
import torch.nn.functional as F

from embedded_t5 import shots
from embedded_t5.finance import base_folder
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.run import Run
from embedded_t5.shots import DRAWS, LONGEST_SHOT, SHOTS, demonstrations, five_shot, similar_shots
from embedded_t5.t5 import load_model
from embedded_t5.tokenizer import load_tokenizer


def test_demonstrations_take_labels_by_turns() -> None:
    rows = [Labelled(f"text {number}", number % 3) for number in range(30)]
    shown = demonstrations(rows, random.Random(1))
    assert sorted(label for _, label in shown) == ["negative", "negative", "neutral", "positive", "positive"]


def test_the_rows_most_similar_are_shown_the_nearest_last(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "bank oil film report market profit court deal".split()
    tuning = [Labelled(f"{word} falls", number % 3) for number, word in enumerate(words)]
    repeated, long = Labelled("Oil falls!", 2), Labelled("oil" + " falls" * LONGEST_SHOT, 0)
    asked = ["gold and oil fall after a strike", "a film", "court falls"]
    tokenizer, model = load_tokenizer(tuned.folder("tokenizer")), load_model(base_folder(tuned))

    def vector(text: str) -> torch.Tensor:
        ids = torch.tensor([tokenizer(text)["input_ids"]])
        with torch.inference_mode():
            return model.get_encoder()(input_ids=ids).last_hidden_state.mean(1)[0]

    def nearest(text: str) -> list[str]:
        others = [row for row in tuning if row.text != text]
        others.sort(key=lambda row: -float(F.cosine_similarity(vector(row.text), vector(text), dim=0)))
        return [f"{row.text} sentiment: {SENTIMENTS[row.label]}." for row in others[:SHOTS]][::-1]

    expected = [" ".join([*nearest(text), f"{text} sentiment:"]) for text in asked]
    monkeypatch.setattr(shots, "score_prompts", lambda *given: given[3])
    rows = [Labelled(text, 0) for text in asked]
    assert similar_shots(tuned, model, tokenizer, [*tuning, repeated, long], rows) == expected
    monkeypatch.setattr(shots, "LONGEST_PROMPT", len(tokenizer(expected[0])["input_ids"]) - 1)
    cut = similar_shots(tuned, model, tokenizer, tuning, rows[:1])
    assert cut == [expected[0].split(". ", 1)[1]]


def test_five_shots_are_the_mean_of_draws(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tuning = [Labelled(f"text {number}", number % 3) for number in range(30)]
    drawn: list[str] = []

    def score_prompts(*given: list[str]) -> dict[str, float]:
        drawn.append(given[3][0])
        return {"accuracy": len(drawn) / 10, "macroF1": 0.5, "rows": 1}

    monkeypatch.setattr(shots, "score_prompts", score_prompts)
    found = five_shot(tuned, None, load_tokenizer(tuned.folder("tokenizer")), tuning, [Labelled("a bank", 0)])
    assert found == {"accuracy": 0.2, "macroF1": 0.5}
    assert len(set(drawn)) == DRAWS
