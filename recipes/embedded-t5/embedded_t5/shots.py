"""The base with demonstrations in its prompt: the same for all texts, or for each those most similar to it."""

import random
from collections.abc import Sequence
from statistics import mean

import torch
from transformers import PreTrainedTokenizerFast

from embedded_t5.batches import cut, mask_of, pad
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.pooling import mean_state
from embedded_t5.prompts import few_shot_prompt
from embedded_t5.run import Run
from embedded_t5.scoring import LONGEST_PROMPT, TOKENS, label_scores
from embedded_t5.t5 import Model, encode

SHOTS, DRAWS = 5, 3
# Five longer demonstrations and a query would not fit into the 128 tokens that the model was trained with.
LONGEST_SHOT = 80


def five_shot(
    run: Run,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    tuning: Sequence[Labelled],
    rows: Sequence[Labelled],
) -> dict[str, float]:
    """The base with SHOTS demonstrations out of the tuning rows, labels in turn; the mean over DRAWS sets of them."""
    found = []
    for draw in range(DRAWS):
        shown = demonstrations(tuning, random.Random(run.config.seed + draw))
        prompts = [few_shot_prompt(shown, row.text) for row in rows]
        found.append(answered(run, model, tokenizer, prompts, rows))
    return {key: round(mean(scores[key] for scores in found), 4) for key in ("accuracy", "macroF1")}


def demonstrations(tuning: Sequence[Labelled], rng: random.Random) -> list[tuple[str, str]]:
    """SHOTS short texts with their label words, in random order."""
    chosen = []
    for number in range(SHOTS):
        label = number % len(SENTIMENTS)
        chosen.append(shown_as(rng.choice([row for row in short(tuning) if row.label == label])))
    rng.shuffle(chosen)
    return chosen


def similar_shots(
    run: Run,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    tuning: Sequence[Labelled],
    rows: Sequence[Labelled],
) -> Scores:
    """The base with the SHOTS tuning rows whose mean encoder states have the greatest cosine with those of the text,
    the nearest last: the page's policy `similar`."""
    pool = short(tuning)
    known, asked = (embedded(run, model, tokenizer, [row.text for row in some]) for some in (pool, rows))
    nearest = (asked @ known.T).topk(min(SHOTS, len(pool))).indices.flip(1).tolist()
    prompts = [
        few_shot_prompt([shown_as(pool[index]) for index in chosen], row.text)
        for chosen, row in zip(nearest, rows, strict=True)
    ]
    return answered(run, model, tokenizer, prompts, rows)


@torch.inference_mode()
def embedded(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str]) -> torch.Tensor:
    """The mean of each text's encoder states at length 1: [texts, d_model]."""
    model.eval()
    ids = [row[:LONGEST_PROMPT] for row in tokenizer(list(texts))["input_ids"]]
    found = torch.zeros(len(ids), run.config.model.d_model)
    for batch in cut(range(len(ids)), lambda index: len(ids[index]), TOKENS):
        padded = pad([ids[index] for index in batch]).to(run.device)
        mask = mask_of(padded)
        found[batch] = mean_state(encode(model, padded, mask), mask).float().cpu()
    return torch.nn.functional.normalize(found, dim=1)


def short(tuning: Sequence[Labelled]) -> list[Labelled]:
    """The rows that may be shown."""
    return [row for row in tuning if len(row.text) <= LONGEST_SHOT]


def shown_as(row: Labelled) -> tuple[str, str]:
    """A text with its label word."""
    return row.text, SENTIMENTS[row.label]


def answered(
    run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str], rows: Sequence[Labelled]
) -> Scores:
    """Accuracy and macro-F1 of the most probable label under each row's prompt."""
    predicted = label_scores(run, model, tokenizer, prompts, SENTIMENTS).argmax(1).tolist()
    return score([row.label for row in rows], predicted)
