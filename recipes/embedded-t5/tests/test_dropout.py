import pytest
import torch

from embedded_t5.dropout import QuickDropout


def test_so_many_values_are_dropped_and_the_rest_raised() -> None:
    torch.manual_seed(1)
    layer = QuickDropout(0.25).train()
    states = torch.ones(101, 103, requires_grad=True)
    found = layer(states)
    kept = found > 0
    assert kept.float().mean().item() == pytest.approx(0.75, abs=0.02)
    assert torch.allclose(found[kept], torch.tensor(4 / 3))
    found.sum().backward()
    assert torch.equal(states.grad, found.detach())
    assert not torch.equal(layer(states), found)


@pytest.mark.parametrize(("share", "training"), [(0.25, False), (0.0, True)])
def test_nothing_is_dropped_outside_training_or_at_no_share(share: float, training: bool) -> None:
    states = torch.ones(5, 7)
    assert torch.equal(QuickDropout(share).train(training)(states), states)


@pytest.mark.parametrize("share", [-0.1, 0.95])
def test_a_share_that_leaves_next_to_nothing_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        QuickDropout(share)


def test_the_seed_decides_what_is_dropped() -> None:
    layer, states = QuickDropout(0.5).train(), torch.ones(9, 9)
    torch.manual_seed(3)
    first = layer(states)
    torch.manual_seed(3)
    assert torch.equal(layer(states), first)
