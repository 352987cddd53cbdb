import numpy
import pytest
import torch

from embedded_t5 import blanks
from embedded_t5.batches import mask_of
from embedded_t5.blanks import SENTINEL, fill, span_filling, written
from embedded_t5.finance import base_folder
from embedded_t5.run import Run
from embedded_t5.t5 import Model, answer_logits, load_model
from embedded_t5.tokenizer import load_tokenizer


def log_probability(model: Model, prompt: list[int], answer: list[int]) -> float:
    """The sum over the answer's tokens."""
    ids, wanted = torch.tensor([prompt]), torch.tensor([answer])
    with torch.inference_mode():
        scores = answer_logits(model, ids, mask_of(ids), wanted).log_softmax(-1)
    return float(scores.gather(2, wanted[:, :, None]).sum())


def test_a_beam_finds_fillings_that_are_at_least_as_probable(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blanks, "LONGEST_FILLING", 4)
    tokenizer = load_tokenizer(tuned.folder("tokenizer"))
    model = load_model(base_folder(tuned)).eval()
    better = 0
    for word in ("bank", "oil", "film", "report", "market", "profit", "court", "deal"):
        text, found = f"{word} {SENTINEL} falls", []
        for beams in (1, 8):
            monkeypatch.setattr(blanks, "BEAMS", beams)
            found.append(log_probability(model, tokenizer(text)["input_ids"], written(tuned, model, tokenizer, text)))
        assert found[1] >= found[0] - 1e-4
        better += found[1] > found[0] + 1e-4
    assert better


def test_a_filling_ends_with_the_next_sentinel(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = load_tokenizer(tuned.folder("tokenizer"))
    first, (bank,) = len(tokenizer) - 1, tokenizer("bank", add_special_tokens=False)["input_ids"][:1]
    monkeypatch.setattr(blanks, "written", lambda *_: [first, bank, bank, first - 1, bank])
    assert fill(tuned, None, tokenizer, "a") == tokenizer.decode([bank, bank]).strip()


def test_every_held_out_sentence_with_a_word_to_mask_is_measured(tuned: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"The bank in {city} pays." for city in ("Rome", "Oslo", "Bern")]
    (tuned.folder("texts") / "span_held.txt").write_text("\n".join([*lines, "No word."] * 50), "utf8")
    monkeypatch.setattr(blanks, "fill", lambda *given: "bank" if "Rome" in given[3] else "view")
    monkeypatch.setattr(blanks, "closeness", lambda _, whole, ours: 1 - numpy.not_equal(whole, ours))
    found = span_filling(tuned, None, load_tokenizer(tuned.folder("tokenizer")))
    assert found["sentences"] == len(found["fillings"]) == 150
    assert found["exact"] == found["close"] == 0.3333
    assert found["fillings"][1] == "The [bank → view] in Oslo pays."
