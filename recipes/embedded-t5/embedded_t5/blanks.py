"""Span filling measured: one word masked in held-out sentences of an encyclopedia and of earnings calls, in each that
has one of four letters or more between spaces."""

import random
import re
from typing import Any

import numpy
import torch
from transformers import PreTrainedTokenizerFast

from embedded_t5.run import Run
from embedded_t5.t5 import Model
from embedded_t5.teacher import SentenceEncoder, outputs
from embedded_t5.tokenizer import END

SENTINEL = "<extra_id_0>"
LONGEST_FILLING = 8
# Fillings that are followed at once, as where templates are searched with T5 (LM-BFF, arXiv 2012.15723, section 5.2).
# Greedily a piece such as "s", which thousands of rare words begin with, would come before every word.
BEAMS = 10
# A filling is close when it leaves the teacher's view of the sentence at most half as far off as this word would.
FLOOR_WORD = "the"
_WORD = re.compile(r"(?<= )[a-z]{4,}(?= )")


def span_filling(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Shares of blanks filled with the very word, and with one close to it in the teacher's eyes. `fillings` holds them
    all, for a reader to judge."""
    rng = random.Random(run.config.texts.seed)
    cases: list[tuple[str, str, str]] = []
    for text in (run.folder("texts") / "span_held.txt").read_text("utf8").split("\n"):
        words = list(_WORD.finditer(text))
        if words:
            word = rng.choice(words)
            cases.append((text[: word.start()], word.group(), text[word.end() :]))
    filled = [fill(run, model, tokenizer, before + SENTINEL + after) for before, _, after in cases]
    whole = [before + word + after for before, word, after in cases]
    ours = [before + words + after for (before, _, after), words in zip(cases, filled, strict=True)]
    floor = [before + FLOOR_WORD + after for before, _, after in cases]
    return {
        "sentences": len(cases),
        "exact": share([words == word for (_, word, _), words in zip(cases, filled, strict=True)]),
        "close": share(1 - closeness(run, whole, ours) <= (1 - closeness(run, whole, floor)) / 2),
        "fillings": [
            f"{before}[{word} → {words}]{after}" for (before, word, after), words in zip(cases, filled, strict=True)
        ],
    }


@torch.inference_mode()
def fill(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, text: str) -> str:
    """What the model writes for the first sentinel: the most probable of the fillings that a beam search finds."""
    first = len(tokenizer) - 1
    last = first - tokenizer_sentinels(tokenizer)
    words: list[int] = []
    for token in written(run, model, tokenizer, text):
        if token == END or (last < token < first):
            break
        if token != first:
            words.append(token)
    return str(tokenizer.decode(words)).strip()


def written(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, text: str) -> list[int]:
    """The ids that the model writes, of which the sum of log-probabilities is the highest found."""
    ids = torch.tensor([tokenizer(text)["input_ids"]], device=run.device)
    found = model.generate(
        ids,
        max_new_tokens=LONGEST_FILLING,
        do_sample=False,
        num_beams=BEAMS,
        length_penalty=0.0,
        early_stopping=True,
    )
    ids_written: list[int] = found[0, 1:].tolist()
    return ids_written


def tokenizer_sentinels(tokenizer: PreTrainedTokenizerFast) -> int:
    """How many sentinels the vocabulary ends with."""
    return sum(name.startswith("<extra_id_") for name in tokenizer.get_vocab())


def closeness(run: Run, left: list[str], right: list[str]) -> numpy.ndarray:
    """The teacher's cosine between paired texts: [texts]."""
    teacher = SentenceEncoder().to(run.device)
    one, other = (outputs(run, [teacher], texts)[0] for texts in (left, right))
    return (one * other).sum(1) / (numpy.linalg.norm(one, axis=1) * numpy.linalg.norm(other, axis=1))


def share(hits: list[bool] | numpy.ndarray) -> float:
    """How many of them, between 0 and 1."""
    return round(float(numpy.mean(hits)), 4)
