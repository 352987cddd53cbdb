"""Tuning of the teacher, MiniLM with a classifier on top, on labelled texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from embedded_t5.batches import Rounds, Stream, cut, mask_of, pad
from embedded_t5.config import Tuning
from embedded_t5.loop import Job, train
from embedded_t5.material import SENTIMENTS
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.run import Run, seed_everything
from embedded_t5.teacher import SentenceEncoder, teacher_ids, teacher_tokenizer

POOL = 2560
# What a logit becomes that is out of the question; finite, so that bf16 and gradients can bear it.
OUT = -1e4


class Lesson(NamedTuple):
    """A text with the index of its sentiment, and how much it counts. `polar` texts were labelled by people who could
    not say neutral: only the other two sentiments are compared."""

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
    labels = torch.tensor([lesson.label for lesson in lessons])
    weights = torch.tensor([lesson.weight for lesson in lessons])
    polar = torch.tensor([lesson.polar for lesson in lessons])
    rounds = Rounds(run.config.seed, len(lessons), POOL)
    stream = Stream(
        run.config.seed,
        lambda rng, pool: cut(rounds.draw(pool), lambda index: len(ids[index]), config.tokens),
    )

    def losses() -> dict[str, Tensor]:
        batch = stream.next()
        padded = pad([ids[index] for index in batch]).to(run.device)
        logits = without_neutral(model(padded, mask_of(padded)).float(), polar[batch].to(run.device))
        loss = F.cross_entropy(logits, labels[batch].to(run.device), reduction="none")
        return {"loss": (loss * weights[batch].to(run.device)).mean()}

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
        [stream],
        losses,
        config,
        depends=("texts", "sentiment") if start else ("texts",),
    )
    return model, train(run, job)


def without_neutral(logits: Tensor, polar: Tensor) -> Tensor:
    """Neutral put out of the question in the rows that are `polar` [rows]: [rows, 3] to [rows, 3]."""
    neutral = torch.tensor([word == "neutral" for word in SENTIMENTS], device=logits.device)
    return logits.masked_fill(polar[:, None] & neutral, OUT)
