from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from embedded_t5.batches import Stream
from embedded_t5.loop import Job, train
from embedded_t5.optimiser import FLOOR, RelativeAdam, root_mean_square, schedule
from embedded_t5.run import Run, seed_everything

STEPS = 12


class Killed(Exception):
    """Stands for a lost machine."""


def weights_after(run: Run, folder: Path, killed_at: int | None = None) -> Tensor:
    """Train a small net with dropout, so that every generator matters; optionally die on the way."""
    seed_everything(5)
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    stream = Stream(9, lambda rng, number: [rng.random() for _ in range(5)])
    calls = 0

    def losses() -> dict[str, Tensor]:
        nonlocal calls
        calls += 1
        if calls == killed_at:
            raise Killed
        return {"loss": (model(torch.randn(6, 4)) - stream.next()).square().mean()}

    folder.mkdir(exist_ok=True)
    optimiser = RelativeAdam([(model.parameters(), 1e-2)], STEPS)
    train(run, Job("net", folder, model, optimiser, [stream], losses, run.config.pretrain))
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
        optimiser.step(0)
        assert (size - float(tensor.detach().mean())) / size == pytest.approx(1e-2, rel=1e-3)
    assert root_mean_square(torch.tensor([3.0, -4.0])) == pytest.approx(12.5**0.5)
