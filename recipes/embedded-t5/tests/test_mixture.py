import random
from dataclasses import replace

import pytest
import torch
from torch import nn

from embedded_t5 import mixture
from embedded_t5.batches import mask_of, pad
from embedded_t5.mixture import Asked, Mixture
from embedded_t5.prepare import TaskRow, prepare
from embedded_t5.run import Run
from embedded_t5.t5 import answer_logits, new_model
from embedded_t5.tokenizer import load_tokenizer, make_tokenizer


@pytest.fixture
def prompts(run: Run, monkeypatch: pytest.MonkeyPatch) -> Mixture:
    """The mixture of prompts alone, over a random model."""
    run = replace(run, config=replace(run.config, vocabulary=replace(run.config.vocabulary, pieces=100)))
    prepare(run)
    make_tokenizer(run)
    rows = [TaskRow(f"mill number {number} falls", 0, "wire", (0.5, 0.2, 0.3)) for number in range(9)]
    monkeypatch.setattr(mixture, "read_opinions", lambda _: rows)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model = nn.ModuleDict({"t5": new_model(run.config.model, len(tokenizer))})
    phase = replace(run.config.prompts, embedding=0, span=0)
    return Mixture(run, phase, model, tokenizer)


def by_hand(made: Mixture, asked: Asked) -> float:
    """The expected loss over the answers that the first token decides, the rest as it was drawn."""
    ids, answers = pad([asked.ids]), pad([asked.answer])
    logits = answer_logits(made.model["t5"], ids, mask_of(ids), answers)[0].log_softmax(-1)
    loss = -sum(share * logits[0, token].item() for token, share in zip(asked.first, asked.shares, strict=True))
    loss -= sum(logits[at, token].item() for at, token in enumerate(asked.answer) if at)
    return float(loss)


def test_the_first_token_is_compared_with_all_answers(prompts: Mixture) -> None:
    asked = [each for batch in prompts.prompt_pool(random.Random(1), 0) for each in batch]
    softly = [each for each in asked if len(each.shares) == 3]
    plainly = [each for each in asked if len(each.shares) == 1]
    assert sorted(softly[0].shares) == [0.2, 0.3, 0.5]
    batch = [*softly[:3], *plainly[:3]]
    with torch.inference_mode():
        found = prompts.prompt_loss(batch).item()
        expected = sum(by_hand(prompts, each) for each in batch) / sum(len(each.answer) for each in batch)
    assert found == pytest.approx(expected, abs=1e-4)
