from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import torch
from torch import Tensor, nn

from embedded_t5.gradients import Replays
from embedded_t5.loop import Job, Part, train
from embedded_t5.optimiser import FLOOR, RelativeAdam, schedule
from embedded_t5.run import Run, seed_everything
from embedded_t5.stream import Stream

STEPS = 12


class Killed(Exception):
    """Stands for a lost machine."""


def weights_after(run: Run, folder: Path, killed_at: int | None = None) -> Tensor:
    """Train a small net with dropout, so that every generator matters; optionally die on the way."""
    seed_everything(5)
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    stream = Stream(9, lambda rng, number: [(numpy.array([rng.random()], numpy.float32),) for _ in range(5)])
    calls = 0

    def loss(wanted: Tensor) -> Tensor:
        nonlocal calls
        calls += 1
        if calls == killed_at:
            raise Killed
        return (model(torch.randn(6, 4)) - wanted).square().mean()

    folder.mkdir(exist_ok=True)
    optimiser = RelativeAdam([(model.parameters(), 1e-2)], STEPS)
    train(run, Job("net", folder, model, optimiser, {"loss": Part(stream, loss)}, run.config.pretrain))
    return torch.cat([value.flatten() for value in model.state_dict().values()])


@pytest.mark.parametrize("killed_at", [1, 4, 6, 12])
def test_a_killed_training_ends_with_the_same_weights(run: Run, tmp_path: Path, killed_at: int) -> None:
    run = replace(run, config=replace(run.config, checkpoint_every=3))
    whole = weights_after(run, tmp_path / "whole")
    with pytest.raises(Killed):
        weights_after(run, tmp_path / "torn", killed_at)
    assert weights_after(run, tmp_path / "torn").equal(whole)


def test_a_finished_training_is_not_repeated(run: Run, tmp_path: Path) -> None:
    first = weights_after(run, tmp_path / "net")
    assert weights_after(run, tmp_path / "net", killed_at=1).equal(first)


def test_a_checkpoint_of_other_settings_is_refused(run: Run, tmp_path: Path) -> None:
    weights_after(run, tmp_path / "net")
    pretrain = replace(run.config.pretrain, prompt_tokens=7)
    with pytest.raises(SystemExit, match="other settings"):
        weights_after(replace(run, config=replace(run.config, pretrain=pretrain)), tmp_path / "net")


def test_a_checkpoint_of_other_soft_labels_or_precision_is_refused(run: Run, tmp_path: Path) -> None:
    weights_after(run, tmp_path / "net")
    opinions = replace(run.config.opinions, neutral=0.1)
    for other in (replace(run, config=replace(run.config, opinions=opinions)), replace(run, bf16=True)):
        with pytest.raises(SystemExit, match="other settings"):
            weights_after(other, tmp_path / "net")


def test_a_checkpoint_of_other_texts_is_refused(run: Run, tmp_path: Path) -> None:
    path = run.folder("texts") / "finance.txt"
    path.write_text("a bank cheers", "utf8")
    weights_after(run, tmp_path / "net")
    path.write_text("a bank sighs.", "utf8")
    with pytest.raises(SystemExit, match="other settings or texts"):
        weights_after(run, tmp_path / "net")


def test_a_checkpoint_of_batches_cut_another_way_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights_after(run, tmp_path / "net")
    monkeypatch.setattr(Run, "multiple", 8)
    with pytest.raises(SystemExit, match="other settings"):
        weights_after(run, tmp_path / "net")


def test_the_schedule_warms_up_and_falls() -> None:
    values = [schedule(step, 2000) for step in range(2000)]
    assert values[0] < 0.01
    assert max(values) == values[199] or max(values) == values[200]
    assert values[-1] == pytest.approx(FLOOR)


def test_a_step_is_a_share_of_the_tensor() -> None:
    for size in (0.01, 1.0):
        tensor = nn.Parameter(torch.full((50,), size))
        optimiser = RelativeAdam([([tensor], 1e-2)], 1)
        tensor.sum().backward()
        optimiser.step(0, Replays(torch.device("cpu")))
        assert (size - float(tensor.detach().mean())) / size == pytest.approx(1e-2, rel=1e-3)


def test_it_steps_as_adamw_with_a_rate_for_each_tensor() -> None:
    seed_everything(1)
    ours = [nn.Parameter(torch.randn(4, 3)), nn.Parameter(torch.randn(5) * 0.1)]
    theirs = [nn.Parameter(tensor.detach().clone()) for tensor in ours]
    optimiser = RelativeAdam([(ours, 1e-2)], STEPS)
    adam = torch.optim.AdamW([{"params": [tensor]} for tensor in theirs], betas=(0.9, 0.99), weight_decay=0.0)
    for step in range(STEPS):
        for tensors in (ours, theirs):
            sum((tensor**2).sum() * (step % 3 - 0.5) for tensor in tensors).backward()
        torch.nn.utils.clip_grad_norm_(theirs, 1.0)
        for group in adam.param_groups:
            size = float(group["params"][0].detach().square().mean().sqrt())
            group["lr"] = schedule(step, STEPS) * 1e-2 * size
        optimiser.step(step, Replays(torch.device("cpu")))
        adam.step()
        adam.zero_grad()
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-5)


def test_a_tensor_without_a_gradient_stays() -> None:
    used, unused = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))
    optimiser = RelativeAdam([([used, unused], 1e-2)], 1)
    used.sum().backward()
    optimiser.step(0, Replays(torch.device("cpu")))
    assert unused.tolist() == [1, 1, 1] != used.tolist()
