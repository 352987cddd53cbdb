"""The base with demonstrations in its prompt: the same for all texts, or for each those most similar to it."""

import random
from collections.abc import Sequence
from statistics import mean

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from embedded_t5.batches import cut, mask_of, pad
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.normalise import overlap_key
from embedded_t5.pooling import mean_state
from embedded_t5.prompts import few_shot_prompt
from embedded_t5.run import Run
from embedded_t5.scoring import LONGEST_PROMPT, TOKENS, label_scores
from embedded_t5.t5 import Model, encode

SHOTS, DRAWS = 5, 3
# Characters of a demonstration: five longer ones and a query would seldom fit into the 128 tokens of a prompt.
LONGEST_SHOT = 80

Demonstration = tuple[str, str]


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
        found.append(score_prompts(run, model, tokenizer, prompts, rows))
    return {key: round(mean(scores[key] for scores in found), 4) for key in ("accuracy", "macroF1")}


def demonstrations(tuning: Sequence[Labelled], rng: random.Random) -> list[Demonstration]:
    """SHOTS short texts with their label words, in random order."""
    candidates, chosen = short_rows(tuning), []
    for number in range(SHOTS):
        label = number % len(SENTIMENTS)
        chosen.append(demonstration(rng.choice([row for row in candidates if row.label == label])))
    rng.shuffle(chosen)
    return chosen


def similar_shots(
    run: Run,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    tuning: Sequence[Labelled],
    rows: Sequence[Labelled],
) -> Scores:
    """The base with the SHOTS short tuning rows that are most similar to each text, as the page's policy `similar`
    chooses them: by the cosine of mean encoder states, the nearest last, never the text itself, and of those as many as
    fit."""
    first: dict[str, Labelled] = {}
    for row in short_rows(tuning):
        first.setdefault(overlap_key(row.text), row)
    candidates = list(first.values())
    pool, asked = (mean_states(run, model, tokenizer, [row.text for row in some]) for some in (candidates, rows))
    prompts = []
    for vector, row in zip(asked, rows, strict=True):
        order = (pool @ vector).sort(descending=True, stable=True).indices[: SHOTS + 1].tolist()
        others = [candidates[index] for index in order if overlap_key(candidates[index].text) != overlap_key(row.text)]
        prompts.append(fitting_prompt(tokenizer, [demonstration(one) for one in others[:SHOTS][::-1]], row.text))
    return score_prompts(run, model, tokenizer, prompts, rows)


def fitting_prompt(tokenizer: PreTrainedTokenizerFast, shown: list[Demonstration], text: str) -> str:
    """The prompt with as many of the last demonstrations as its tokens hold."""
    prompt = few_shot_prompt(shown, text)
    fits = len(tokenizer(prompt)["input_ids"]) <= LONGEST_PROMPT
    return prompt if fits or not shown else fitting_prompt(tokenizer, shown[1:], text)


@torch.inference_mode()
def mean_states(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str]) -> Tensor:
    """The mean of each text's encoder states, at length 1: [texts, d_model]."""
    model.eval()
    ids = [row[:LONGEST_PROMPT] for row in tokenizer(list(texts))["input_ids"]]
    found = torch.zeros(len(ids), run.config.model.d_model)
    for batch in cut(range(len(ids)), lambda index: len(ids[index]), TOKENS):
        padded = pad([ids[index] for index in batch]).to(run.device)
        mask = mask_of(padded)
        found[batch] = mean_state(encode(model, padded, mask), mask).float().cpu()
    return F.normalize(found, dim=1)


def short_rows(tuning: Sequence[Labelled]) -> list[Labelled]:
    """The rows that may be shown."""
    return [row for row in tuning if len(row.text) <= LONGEST_SHOT]


def demonstration(row: Labelled) -> Demonstration:
    """A text with its label word."""
    return row.text, SENTIMENTS[row.label]


def score_prompts(
    run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str], rows: Sequence[Labelled]
) -> Scores:
    """Accuracy and macro-F1 of the most probable label under each row's prompt."""
    predicted = label_scores(run, model, tokenizer, prompts, SENTIMENTS).argmax(1).tolist()
    return score([row.label for row in rows], predicted)
