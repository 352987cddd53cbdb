"""Adam whose step in each tensor is a share of the tensor's own size.

Plain Adam at 1e-3 harms T5, whose `q` weights start tiny. As in Adafactor (arXiv 1804.04235, section 8), the step of
each tensor is scaled by its root mean square; unlike there, momentum and Adam's second moments stay. The learning rate
is relative (1e-2: one hundredth of the tensor's size) and falls by a cosine to 3 %.

torch's own AdamW takes a rate of its own for each of a hundred small tensors only if it goes through them one by one:
more than a thousand kernels a step on a GPU.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy
import torch
from torch import Tensor

from embedded_t5.gradients import Replays

WARM_UP = 200
FLOOR = 0.03
SMALLEST = 1e-3
BETAS = (0.9, 0.99)
EPSILON = 1e-8


class RelativeAdam:
    """Adam over pairs of tensors and their relative learning rate. Their gradients are added up until a step."""

    def __init__(self, parts: Iterable[tuple[Iterable[Tensor], float]], steps: int) -> None:
        self.steps = steps
        chosen = [(tensor, rate) for tensors, rate in parts for tensor in tensors if tensor.requires_grad]
        self.tensors = [tensor for tensor, _ in chosen]
        self.rates = [rate for _, rate in chosen]
        self.roots = [math.sqrt(tensor.numel()) for tensor in self.tensors]
        self.means = [torch.zeros_like(tensor) for tensor in self.tensors]
        self.squares = [torch.zeros_like(tensor) for tensor in self.tensors]
        self.gradients = [torch.zeros_like(tensor) for tensor in self.tensors]
        for tensor, gradient in zip(self.tensors, self.gradients, strict=True):
            tensor.grad = gradient

    def step(self, number: int, replays: Replays) -> None:
        """Clip the gradients to norm 1, make step `number` of `steps`, and forget the gradients."""
        factor = schedule(number, self.steps) / (1 - BETAS[0] ** (number + 1))
        correction = math.sqrt(1 - BETAS[1] ** (number + 1))
        replays.do("optimiser's step", self.move, [numpy.array([factor, correction], numpy.float32)])

    @torch.no_grad()
    def move(self, factors: Tensor) -> Tensor:
        """One step; `factors` [2] hold the learning rate's and the correction of the squares."""
        factor, correction = factors.unbind()
        torch.nn.utils.clip_grad_norm_(self.tensors, 1.0)
        torch._foreach_lerp_(self.means, self.gradients, 1 - BETAS[0])
        torch._foreach_mul_(self.squares, BETAS[1])
        torch._foreach_addcmul_(self.squares, self.gradients, self.gradients, 1 - BETAS[1])
        divisors = torch._foreach_sqrt(self.squares)
        torch._foreach_div_(divisors, correction)
        torch._foreach_add_(divisors, EPSILON)
        moves = torch._foreach_div(self.means, divisors)
        sizes = torch._foreach_norm(self.tensors)
        torch._foreach_div_(sizes, self.roots)
        torch._foreach_clamp_min_(sizes, SMALLEST)
        torch._foreach_mul_(sizes, self.rates)
        torch._foreach_mul_(sizes, factor)
        torch._foreach_mul_(moves, sizes)
        torch._foreach_sub_(self.tensors, moves)
        torch._foreach_zero_(self.gradients)
        return factor

    def state(self) -> dict[str, Any]:
        """What it remembers of the gradients."""
        return {"means": self.means, "squares": self.squares}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember what `state` says."""
        for name, values in (("means", self.means), ("squares", self.squares)):
            for value, saved in zip(values, state[name], strict=True):
                value.copy_(saved)


def schedule(number: int, steps: int) -> float:
    """The factor of the learning rate at a step: linear warm-up, then half a cosine down to FLOOR."""
    warm = min(1.0, (number + 1) / min(WARM_UP, max(1, steps // 10)))
    return warm * max(FLOOR, 0.5 * (1 + math.cos(math.pi * number / steps)))
