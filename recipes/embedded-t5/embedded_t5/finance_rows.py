"""What `finance` learns from: prompts with target probabilities, of several kinds, and the batches made of them."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from embedded_t5.batches import Ids, Rounds, cut_alike, padded
from embedded_t5.config import Finance
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.opinions import headline_rows
from embedded_t5.prepare import read_labelled
from embedded_t5.prompts import short_prompt
from embedded_t5.run import Run
from embedded_t5.scoring import LONGEST_PROMPT
from embedded_t5.tokenizer import END


@dataclass(frozen=True)
class Rows:
    """Prompts, whose last `asked` ids are the same, target probabilities [rows, 3], and the row indexes by kind."""

    ids: list[list[int]]
    asked: int
    targets: NDArray[numpy.float32]
    kinds: dict[str, range]


def finance_rows(run: Run, tokenizer: PreTrainedTokenizerFast) -> Rows:
    """TFSN's tuning rows, SEntFiN's headlines, annotated and written texts with smoothed labels, unlabelled texts with
    the teacher's where they are learned from."""
    gold, headlines = tuning_rows(run), headline_rows(run)
    annotated, written = (read_labelled(run.folder("texts") / f"{name}.jsonl") for name in ("annotated", "written"))
    labelled = [*gold, *headlines, *annotated, *written]
    soft, probabilities = soft_rows(run)
    texts = [row.text for row in labelled] + soft
    prompts = tokenizer([short_prompt(text) for text in texts], add_special_tokens=False)["input_ids"]
    hard = numpy.eye(len(SENTIMENTS), dtype=numpy.float32)[[row.label for row in labelled]]
    smoothing = run.config.finance.smoothing
    smoothed = hard * (1 - smoothing) + smoothing / len(SENTIMENTS)
    targets = numpy.concatenate([smoothed, probabilities])
    counts = {
        "gold": len(gold),
        "headlines": len(headlines),
        "annotated": len(annotated),
        "written": len(written),
        "soft": len(soft),
    }
    ends = numpy.cumsum(list(counts.values()))
    kinds = {kind: range(end - count, end) for (kind, count), end in zip(counts.items(), ends.tolist(), strict=True)}
    asked = len(tokenizer(short_prompt(""), add_special_tokens=False)["input_ids"]) + 1
    return Rows([[*ids[1 - LONGEST_PROMPT :], END] for ids in prompts], asked, targets, kinds)


def soft_rows(run: Run) -> tuple[list[str], NDArray[numpy.float32]]:
    """Unlabelled texts, and the teacher's probabilities of them, [texts, 3]; none where `finance.soft` is 0."""
    if run.config.finance.soft == 0:
        return [], numpy.zeros((0, len(SENTIMENTS)), numpy.float32)
    teacher = run.folder("teacher")
    return (teacher / "soft.txt").read_text("utf8").split("\n"), numpy.load(teacher / "soft.npy").astype(numpy.float32)


def tuning_rows(run: Run) -> list[Labelled]:
    """The rows of TFSN train to learn from."""
    texts = run.folder("texts")
    held = read_labelled(texts / "tfsn_held.jsonl") if run.config.finance.held_out_too else []
    return read_labelled(texts / "tfsn_tune.jsonl") + held


def pools(run: Run, rows: Rows) -> Callable[[random.Random, int], list[tuple[Ids, NDArray[numpy.float32]]]]:
    """Pools of so many rows of each kind, cut into batches of ids and targets."""
    config: Finance = run.config.finance
    rounds = {
        kind: Rounds(run.config.seed, len(indexes), getattr(config, kind)) for kind, indexes in rows.kinds.items()
    }

    def pool(rng: random.Random, number: int) -> list[tuple[Ids, NDArray[numpy.float32]]]:
        drawn = [rows.kinds[kind][index] for kind, of in rounds.items() for index in of.draw(number)]
        thinned = [(index, thin(rows.ids[index], rows.asked, config.left_out, rng)) for index in drawn]
        batches = cut_alike(thinned, lambda row: len(row[1]), config.tokens, run.multiple, rng)
        return [
            (padded([ids for _, ids in batch], 0, size), rows.targets[[index for index, _ in batch]])
            for size, batch in batches
        ]

    return pool


def thin(ids: list[int], last: int, share: float, rng: random.Random) -> list[int]:
    """The ids without a random share of them; the `last` ones, which ask, stay. Longer texts are seldom seen twice
    alike, and fewer are learned by heart."""
    text, ask = ids[:-last], ids[-last:]
    return ([one for one in text if rng.random() >= share] or text) + ask
