"""Adam whose step in each tensor is a share of the tensor's own size.

Plain Adam at 1e-3 harms T5, whose `q` weights start tiny. As in Adafactor (arXiv 1804.04235, section 8), the step of
each tensor is scaled by its root mean square; unlike there, momentum and Adam's second moments stay. The learning rate
is relative (1e-2: one hundredth of the tensor's size) and falls by a cosine to 3 %.
"""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

WARM_UP = 200
FLOOR = 0.03
SMALLEST = 1e-3


class RelativeAdam:
    """AdamW over pairs of tensors and their relative learning rate; every tensor is a group of its own."""

    def __init__(self, parts: Iterable[tuple[Iterable[Tensor], float]], steps: int) -> None:
        self.steps = steps
        groups: list[dict[str, Any]] = [
            {"params": [tensor], "lr": rate, "rate": rate}
            for tensors, rate in parts
            for tensor in tensors
            if tensor.requires_grad
        ]
        self.tensors = [group["params"][0] for group in groups]
        self.adam = torch.optim.AdamW(groups, betas=(0.9, 0.99), weight_decay=0.0)

    def step(self, number: int) -> None:
        """Clip the gradients to norm 1, make step `number` of `steps`, and forget the gradients."""
        torch.nn.utils.clip_grad_norm_(self.tensors, 1.0)
        factor = schedule(number, self.steps)
        for group in self.adam.param_groups:
            group["lr"] = factor * group["rate"] * max(SMALLEST, root_mean_square(group["params"][0]))
        self.adam.step()
        self.adam.zero_grad()


def schedule(number: int, steps: int) -> float:
    """The factor of the learning rate at a step: linear warm-up, then half a cosine down to FLOOR."""
    warm = min(1.0, (number + 1) / min(WARM_UP, max(1, steps // 10)))
    return warm * max(FLOOR, 0.5 * (1 + math.cos(math.pi * number / steps)))


def root_mean_square(tensor: Tensor) -> float:
    """The root of the mean of the squares."""
    return float(tensor.detach().norm()) / math.sqrt(tensor.numel())
