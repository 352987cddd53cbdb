"""Tuning of the teacher, MiniLM with a classifier on top, on labelled texts."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from embedded_t5.batches import OUT, Rounds, cut_alike, mask_of, padded
from embedded_t5.config import Tuning
from embedded_t5.loop import Job, Part, train
from embedded_t5.material import NEUTRAL, SENTIMENTS
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.run import Run, seed_everything
from embedded_t5.stream import Stream
from embedded_t5.teacher import SentenceEncoder, teacher_ids, teacher_tokenizer

POOL = 2560


class Lesson(NamedTuple):
    """A text with the index of its sentiment, and how much it counts. `polar` texts are known not to be
    neutral: only the other two sentiments are compared."""

    text: str
    label: int
    weight: float = 1.0
    polar: bool = False


def tune_encoder(
    run: Run, name: str, folder: Path, config: Tuning, lessons: Sequence[Lesson], start: Path | None = None
) -> tuple[SentenceEncoder, float]:
    """Tune it with one logit by sentiment, from the weights of the `sentiment` tuning at `start` if given; what embeds
    tokens stays. Also the seconds that it took."""
    seed_everything(run.config.seed)
    model = SentenceEncoder(len(SENTIMENTS))
    if start:
        model.load_state_dict(torch.load(start, map_location="cpu"))
    model.to(run.device)
    model.body.embeddings.requires_grad_(False)
    ids = teacher_ids(teacher_tokenizer(), [lesson.text for lesson in lessons])
    labels = numpy.array([lesson.label for lesson in lessons])
    weights = numpy.array([lesson.weight for lesson in lessons], numpy.float32)
    polar = numpy.array([lesson.polar for lesson in lessons])
    rounds = Rounds(run.config.seed, len(lessons), POOL)

    def pool(rng: random.Random, number: int) -> list[tuple[NDArray[Any], ...]]:
        batches = cut_alike(rounds.draw(number), lambda index: len(ids[index]), config.tokens, run.multiple, rng)
        return [
            (padded([ids[index] for index in batch], 0, size), labels[batch], weights[batch], polar[batch])
            for size, batch in batches
        ]

    def loss(ids: Tensor, labels: Tensor, weights: Tensor, polar: Tensor) -> Tensor:
        ids = ids.long()
        logits = without_neutral(model(ids, mask_of(ids)).float(), polar)
        return (F.cross_entropy(logits, labels, reduction="none") * weights).mean()

    parts = [
        (model.body.parameters(), config.learning_rate),
        (model.head.parameters(), config.head_learning_rate),
    ]
    optimiser = RelativeAdam(parts, config.steps)
    folder.mkdir(parents=True, exist_ok=True)
    job = Job(
        name,
        folder,
        model,
        optimiser,
        {"loss": Part(Stream(run.config.seed, pool), loss)},
        config,
        depends=("texts", "sentiment") if start else ("texts",),
    )
    return model, train(run, job)


def without_neutral(logits: Tensor, polar: Tensor) -> Tensor:
    """Neutral put out of the question in the rows that are `polar` [rows]: [rows, 3] to [rows, 3]."""
    neutral = torch.arange(len(SENTIMENTS), device=logits.device) == NEUTRAL
    return logits.masked_fill(polar[:, None] & neutral, OUT)
