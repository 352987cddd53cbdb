from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import PeftModel

from embedded_t5.adapter import decompose, factors_of, projections, write_adapter
from embedded_t5.config import Config
from embedded_t5.run import seed_everything
from embedded_t5.t5 import answer_logits, new_model


def test_a_full_rank_adapter_gives_the_tuned_model(config: Config, tmp_path: Path) -> None:
    seed_everything(1)
    base, tuned = new_model(config.model, 70).eval(), new_model(config.model, 70).eval()
    tuned.load_state_dict(base.state_dict())
    for _, linear in projections(tuned):
        linear.weight.data += torch.randn_like(linear.weight) * 0.05
    ids, answers = torch.tensor([[5, 6, 7, 1]]), torch.tensor([[9, 1]])
    wanted = answer_logits(tuned, ids, torch.ones_like(ids), answers)
    finance = replace(config.finance, rank=32)
    factors, energy = decompose(base, tuned, finance.rank)
    assert energy == pytest.approx(1)
    write_adapter(tmp_path, factors, finance, "tiny")
    model = PeftModel.from_pretrained(base, tmp_path).eval()
    assert torch.allclose(answer_logits(model, ids, torch.ones_like(ids), answers), wanted, atol=1e-4)
    assert factors_of(model).keys() == factors.keys()


def test_a_lower_rank_keeps_less(config: Config) -> None:
    base, tuned = new_model(config.model, 70), new_model(config.model, 70)
    energies = [decompose(base, tuned, rank)[1] for rank in (2, 8, 16)]
    assert energies == sorted(energies)
    assert energies[0] < 0.9
