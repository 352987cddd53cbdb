import random
from dataclasses import replace

import pytest
import torch
from torch import nn

from embedded_t5 import pools
from embedded_t5.batches import mask_of, pad
from embedded_t5.mixture import Mixture
from embedded_t5.pools import Asked
from embedded_t5.prepare import TaskRow, prepare
from embedded_t5.run import Run
from embedded_t5.spans import IGNORED
from embedded_t5.t5 import answer_logits, new_model
from embedded_t5.tokenizer import load_tokenizer, make_tokenizer


@pytest.fixture
def prompts(run: Run, monkeypatch: pytest.MonkeyPatch) -> Mixture:
    """The mixture of prompts alone, over a random model."""
    run = replace(run, config=replace(run.config, vocabulary=replace(run.config.vocabulary, pieces=100)))
    prepare(run)
    make_tokenizer(run)
    rows = [TaskRow(f"mill number {number} falls", 0, "wire", (0.5, 0.2, 0.3)) for number in range(9)]
    monkeypatch.setattr(pools, "read_opinions", lambda _: rows)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model = nn.ModuleDict({"t5": new_model(run.config.model, len(tokenizer))})
    phase = replace(run.config.prompts, embedding=0, span=0)
    return Mixture(run, phase, model, tokenizer)


def by_hand(made: Mixture, asked: Asked, row: int) -> float:
    """The expected loss over the answers that the first token decides, the rest as it was drawn."""
    ids = pad([[token for token in asked.ids[row] if token]])
    answer = [token for token in asked.answers[row].tolist() if token != IGNORED]
    logits = answer_logits(made.model["t5"], ids, mask_of(ids), pad([answer]))[0].log_softmax(-1)
    loss = -sum(
        share * logits[0, token].item() for token, share in zip(asked.first[row], asked.shares[row], strict=True)
    )
    loss -= sum(logits[at, token].item() for at, token in enumerate(answer) if at)
    return float(loss)


def test_the_first_token_is_compared_with_all_answers(prompts: Mixture) -> None:
    for batch in prompts.pools.prompt_pool(random.Random(1), 0):
        with torch.inference_mode():
            found = prompts.prompt_loss(*map(torch.from_numpy, batch)).item()
            expected = sum(by_hand(prompts, batch, row) for row in range(len(batch.ids)))
        assert found == pytest.approx(expected / (batch.answers != IGNORED).sum(), abs=1e-4)


def test_soft_and_plain_labels_lie_side_by_side(prompts: Mixture) -> None:
    shares = [row for batch in prompts.pools.prompt_pool(random.Random(1), 0) for row in batch.shares.tolist()]
    softly = [row[:3] for row in shares if sum(share > 0 for share in row) == 3]
    assert softly and all(sorted(row) == pytest.approx([0.2, 0.3, 0.5]) for row in softly)
    assert any(row[0] == 1 and not any(row[1:]) for row in shares)
