"""Means of token states: of a text, and of each of its words."""

from torch import Tensor


def mean_state(states: Tensor, mask: Tensor) -> Tensor:
    """The mean over a text's tokens: [batch, tokens, width] to [batch, width]."""
    return (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def word_states(states: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """Of token states [batch, tokens, width] the mean over each word's, word n at place n, and whether there is such a
    word, [batch, tokens]. `places` [batch, tokens] say which word a token is of, -1 of none; a number beyond the
    width, which a tokenizer that drops words can give, counts as none."""
    batch, tokens, width = states.shape
    places = places.where((places >= 0) & (places < tokens), tokens)
    sums = states.new_zeros(batch, tokens + 1, width).scatter_add(1, places[..., None].expand_as(states), states)
    counts = states.new_zeros(batch, tokens + 1).scatter_add(1, places, states.new_ones(batch, tokens))
    return (sums / counts[..., None].clamp(min=1))[:, :-1], counts[:, :-1] > 0
