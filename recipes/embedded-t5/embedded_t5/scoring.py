"""Scores of label words, as the page computes them, and the short questions asked of a model between the stages."""

from collections.abc import Sequence

import numpy
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from embedded_t5.batches import cut, mask_of, pad
from embedded_t5.material import NEUTRAL, SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.prepare import read_labelled
from embedded_t5.prompts import short_prompt
from embedded_t5.run import Run
from embedded_t5.t5 import Model
from embedded_t5.tokenizer import END, PADDING, word_ids

FOR_OR_AGAINST = SENTIMENTS[:NEUTRAL]
LONGEST_PROMPT = 128
TOKENS = 4096


@torch.inference_mode()
def label_scores(
    run: Run,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    prompts: Sequence[str],
    labels: Sequence[str],
) -> Tensor:
    """Sum over a label's tokens of log p(token | prompt, earlier tokens), without the end token: [prompts, labels].
    A prompt too long loses its beginning."""
    model.eval()
    rows = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    ids = [[*row[1 - LONGEST_PROMPT :], END] for row in rows]
    words = [word_ids(tokenizer, label) for label in labels]
    result = torch.zeros(len(ids), len(labels))
    for batch in cut(range(len(ids)), lambda index: len(ids[index]), TOKENS):
        padded = pad([ids[index] for index in batch]).to(run.device)
        mask = mask_of(padded)
        encoded = model.get_encoder()(input_ids=padded, attention_mask=mask)
        for column, label in enumerate(words):
            decoder = torch.tensor([[PADDING, *label[:-1]]], device=run.device).expand(len(batch), -1)
            logits = model(encoder_outputs=encoded, attention_mask=mask, decoder_input_ids=decoder).logits
            chosen = torch.tensor(label, device=run.device)[None, :, None].expand(len(batch), -1, 1)
            result[batch, column] = logits.float().log_softmax(-1).gather(2, chosen).sum((1, 2)).cpu()
    return result


def zero_shot_probabilities(
    run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], labels: Sequence[str]
) -> NDArray[numpy.float32]:
    """Of the labels after the short prompt, which add up to 1 for each text: [texts, labels]."""
    scores = label_scores(run, model, tokenizer, [short_prompt(text) for text in texts], labels)
    found: NDArray[numpy.float32] = scores.softmax(1).numpy()
    return found


def classify(
    run: Run,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    rows: Sequence[Labelled],
    labels: Sequence[str] = SENTIMENTS,
) -> Scores:
    """Accuracy and macro-F1 of the most probable label under the short prompt."""
    predicted = zero_shot_probabilities(run, model, tokenizer, [row.text for row in rows], labels).argmax(1).tolist()
    return score([row.label for row in rows], predicted)


def zero_shot(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast) -> dict[str, Scores | None]:
    """The base on the held-out rows of TFSN train, whose labels it never learns from, and, if there are any, on the
    held-out sentences of critics that a language model wrote."""
    rows, critics = (read_labelled(run.folder("texts") / f"{name}_held.jsonl") for name in ("tfsn", "critics"))
    return {
        "zeroShotHeldOut": classify(run, model, tokenizer, rows),
        "criticsHeldOut": classify(run, model, tokenizer, critics, FOR_OR_AGAINST) if critics else None,
    }
