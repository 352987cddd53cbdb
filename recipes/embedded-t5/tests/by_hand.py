"""What tests compute another way."""

from embedded_t5.tokenizer import END


def restored(kept: list[int], target: list[int], pieces: int) -> list[int]:
    """A text out of an input with blanks and its target: ids from `pieces` on are sentinels; without padding and end
    tokens."""
    spans: dict[int, list[int]] = {}
    for token in target[: target.index(END)]:
        if token >= pieces:
            spans[token] = current = []
        else:
            current.append(token)
    return [token for item in kept[: kept.index(END)] for token in spans.get(item, [item])]
