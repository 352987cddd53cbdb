"""Stage `opinions`: soft labels for finance texts and film reviews from a teacher that has seen no label of TFSN, for
the base.

Labelled headlines and reviews alone teach the base little about tweets, and a small model needs more of them than there
are. The teacher is tuned on both, averaged with a bag of words on finance texts, and labels texts without a label.
Headlines are less often neutral than tweets and wires: neutral's log-odds are raised by a number chosen on the held-out
rows. A base trained before errs elsewhere than the teacher: the mean of both was a little better than a teacher tuned
briefly, and no better than one tuned longer.
"""

import time
from collections.abc import Sequence

import numpy
import torch
from numpy.typing import NDArray
from scipy.special import softmax

from embedded_t5.annotations import REVIEWS, read_annotations, text_hash
from embedded_t5.floors import bag_of_words, probabilities
from embedded_t5.material import NEUTRAL, Labelled
from embedded_t5.metrics import score
from embedded_t5.prepare import LONGEST_REVIEW, TaskRow, read_labelled, read_tasks, write_rows
from embedded_t5.run import Run, earlier, recorded_before
from embedded_t5.scoring import FOR_OR_AGAINST, zero_shot_probabilities
from embedded_t5.t5 import Model, load_model
from embedded_t5.teacher import SentenceEncoder, outputs
from embedded_t5.tokenizer import load_tokenizer
from embedded_t5.tuning import Lesson, tune_encoder

Probabilities = NDArray[numpy.float32]

# There are many times as many reviews as headlines.
HEADLINE_WEIGHT, REVIEW_WEIGHT = 2.0, 1.0
DIGITS = 3


def label_opinions(run: Run) -> None:
    """Write `opinions/teacher.pt` and `opinions/rows.jsonl`: texts with a probability for each label."""
    folder, headlines, before = run.folder("opinions"), headline_rows(run), earlier(run, run.config.sentiment.start)
    learned, start = lessons(run, headlines), before / "opinions/teacher.pt" if before else None
    model, seconds = tune_encoder(run, "sentiment", run.folder("sentiment"), run.config.sentiment, learned, start)
    started = time.monotonic()
    torch.save(model.state_dict(), folder / "teacher.pt")
    words = bag_of_words(headlines, run.config.seed)

    def classify(texts: Sequence[str], name: str = "") -> Probabilities:
        tuned = softmax(outputs(run, [model], texts, name)[0], axis=1)
        return raise_neutral(average(tuned, probabilities(words, texts)), run.config.opinions.neutral)

    held = read_labelled(run.folder("texts") / "tfsn_held.jsonl")
    held_out = score([row.label for row in held], classify([row.text for row in held]).argmax(1).tolist())
    critics = read_labelled(run.folder("texts") / "critics_held.jsonl")
    texts, reviews, varied = finance_texts(run, {row.text for row in headlines}), review_texts(run), variant_texts(run)
    labelled = classify(texts, "finance texts")
    side = polarities(run, model, [*(row.text for row in critics), *reviews, *varied])
    told, scenes, variants = numpy.split(side, [len(critics), len(critics) + len(reviews)])
    soft = {"wire": (texts, labelled), "scene": (reviews, scenes), "variant": (varied, variants)}
    write_rows(folder / "rows.jsonl", [row for task, found in soft.items() for row in task_rows(task, *found)])
    report = {
        "finance": len(texts),
        "reviews": len(reviews),
        "variants": len(varied),
        "mean": rounded(labelled.mean(0)),
        "heldOut": held_out,
        "criticsHeldOut": score([row.label for row in critics], told.argmax(1).tolist()) if critics else None,
        "before": recorded_before(start),
    }
    run.record("opinions", {"seconds": round(seconds + time.monotonic() - started), **report})
    print(f"opinions: {held_out}; sentences of critics {report['criticsHeldOut']}")


def headline_rows(run: Run) -> list[Labelled]:
    """SEntFiN's headlines."""
    return [Labelled(row.text, row.label) for row in labelled_rows(run, "news")]


def labelled_rows(run: Run, task: str) -> list[TaskRow]:
    """The rows with one label of one task of `prompts.TASKS`."""
    return [row for row in read_tasks(run.folder("texts") / "tasks.jsonl") if row.task == task]


def lessons(run: Run, headlines: Sequence[Labelled]) -> list[Lesson]:
    """What the teacher is tuned on: headlines, and reviews that are positive or negative."""
    learned = [row for task in ("review", "verdict", "critic") for row in labelled_rows(run, task)]
    reviews = [row for row in learned if len(row.text) < LONGEST_REVIEW]
    return [
        *(Lesson(row.text, row.label, HEADLINE_WEIGHT) for row in headlines),
        *(Lesson(row.text, row.label, REVIEW_WEIGHT, polar=True) for row in reviews),
    ]


def finance_texts(run: Run, learned: set[str]) -> list[str]:
    """Finance texts, without those `learned` with a label."""
    texts = (run.folder("texts") / "finance.txt").read_text("utf8").split("\n")
    return [text for text in texts if text not in learned][: run.config.opinions.finance]


def review_texts(run: Run) -> list[str]:
    """Sentences of film reviews that are not annotated."""
    annotated = read_annotations(REVIEWS)
    sentences = (run.folder("texts") / "reviews.txt").read_text("utf8").split("\n")
    return [text for text in sentences if text_hash(text) not in annotated][: run.config.opinions.reviews]


def variant_texts(run: Run) -> list[str]:
    """Variants of short reviews."""
    path = run.folder("texts") / "variants.txt"
    return path.read_text("utf8").split("\n") if path.stat().st_size else []


def polarities(run: Run, model: SentenceEncoder, texts: Sequence[str]) -> Probabilities:
    """Probabilities of negative and positive, the teacher's or the mean of its and an earlier base's: [texts, 2]."""
    taught: Probabilities = softmax(outputs(run, [model], texts, "reviews")[0, :, :NEUTRAL], axis=1)
    base = earlier(run, run.config.opinions.base)
    if base is None:
        return taught
    before: Model = load_model(base)
    before.to(run.device)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    return average(taught, zero_shot_probabilities(run, before, tokenizer, texts, FOR_OR_AGAINST))


def task_rows(task: str, texts: Sequence[str], found: Probabilities) -> list[TaskRow]:
    """Each text with its probabilities [texts, labels]."""
    return [TaskRow(text, int(each.argmax()), task, rounded(each)) for text, each in zip(texts, found, strict=True)]


def average(one: Probabilities, other: Probabilities) -> Probabilities:
    """The mean of two models' probabilities: [texts, labels]."""
    return ((one + other) / 2).astype(numpy.float32)


def rounded(values: NDArray[numpy.float32]) -> tuple[float, ...]:
    """With three decimals, as a file needs them."""
    return tuple(round(float(value), DIGITS) for value in values)


def raise_neutral(found: Probabilities, by: float) -> Probabilities:
    """Add `by` to neutral's log-odds: [texts, 3] to [texts, 3]."""
    raised = found.copy()
    raised[:, NEUTRAL] *= numpy.exp(by)
    return raised / raised.sum(1, keepdims=True)


def read_opinions(run: Run) -> list[TaskRow]:
    """The rows of this stage."""
    return read_tasks(run.folder("opinions") / "rows.jsonl")
