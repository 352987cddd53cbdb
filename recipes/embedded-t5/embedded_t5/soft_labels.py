"""Stage `teacher`: tune the teacher on TFSN train and SEntFiN, average it with a bag of words, label the unlabelled."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
import onnxruntime
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.pipeline import Pipeline
from torch import Tensor
from transformers import AutoTokenizer

from embedded_t5.batches import Rounds, Stream, cut, mask_of, pad
from embedded_t5.floors import bag_of_words, probabilities
from embedded_t5.loop import Job, train
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.prepare import read_labelled, read_tasks
from embedded_t5.run import Progress, Run, seed_everything
from embedded_t5.teacher import SentenceEncoder, outputs, teacher_ids, teacher_tokenizer

Probabilities = NDArray[numpy.float32]
Classify = Callable[[Sequence[str]], Probabilities]

POOL = 1280
# SEntFiN speaks of single entities and has its own idea of neutral: it counts half.
HEADLINE_WEIGHT = 0.5


def teach(run: Run) -> None:
    """Write `teacher/soft.npy` ([texts, 3] probabilities) and `teacher/soft.txt`."""
    seed_everything(run.config.seed)
    folder, texts = run.folder("teacher"), run.folder("texts")
    gold, held = read_labelled(texts / "tfsn_tune.jsonl"), read_labelled(texts / "tfsn_held.jsonl")
    classify, seconds = classifier(run, gold)
    words = bag_of_words(gold, run.config.seed)
    heldout = scores(classify, words, held)
    print(f"teacher: {json.dumps(heldout)}", flush=True)
    unlabelled = (texts / "finance.txt").read_text("utf8").split("\n")[: run.config.texts.labelled_softly]
    soft = average(classify(unlabelled), probabilities(words, unlabelled))
    numpy.save(folder / "soft.npy", soft.astype(numpy.float16))
    (folder / "soft.txt").write_text("\n".join(unlabelled), "utf8")
    run.record("teacher", {"seconds": round(seconds), "softLabels": len(unlabelled), "heldOut": heldout})


def classifier(run: Run, gold: Sequence[Labelled]) -> tuple[Classify, float]:
    """The tuned teacher as a function from texts to probabilities [texts, 3], and the seconds of its tuning."""
    if run.config.teacher.classifier:
        return tuned_before(run, Path(run.config.teacher.classifier).expanduser()), 0.0
    model, seconds = tune(run, gold, headline_rows(run))
    return lambda texts: softmax(outputs(run, model, texts, "soft labels"), axis=1), seconds


def tuned_before(run: Run, folder: Path) -> Classify:
    """A classifier tuned earlier, as transformers.js has it: a tokenizer and `onnx/model_quantized.onnx`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(
        run.material.root / folder / "onnx/model_quantized.onnx", options, providers=["CPUExecutionProvider"]
    )
    tokenizer = AutoTokenizer.from_pretrained(run.material.root / folder)

    def classify(texts: Sequence[str]) -> Probabilities:
        ids = teacher_ids(tokenizer, texts)
        result = numpy.zeros((len(ids), len(SENTIMENTS)), numpy.float32)
        progress, done = Progress("soft labels", len(ids)), 0
        for batch in cut(range(len(ids)), lambda index: len(ids[index]), 1024):
            padded = pad([ids[index] for index in batch])
            feeds = {
                "input_ids": padded.numpy(),
                "attention_mask": mask_of(padded).numpy(),
                "token_type_ids": numpy.zeros(padded.shape, numpy.int64),
            }
            result[batch] = softmax(session.run(["logits"], feeds)[0], axis=1)
            done += len(batch)
            progress.show(done)
        return result

    return classify


def headline_rows(run: Run) -> list[Labelled]:
    """SEntFiN's headlines."""
    rows = read_tasks(run.folder("texts") / "tasks.jsonl")
    return [Labelled(row.text, row.label) for row in rows if row.task == "news"]


def tune(run: Run, gold: Sequence[Labelled], headlines: Sequence[Labelled]) -> tuple[SentenceEncoder, float]:
    """Tune the sentence encoder with a classifier on top; its word embeddings stay."""
    config = run.config.teacher
    model = SentenceEncoder(len(SENTIMENTS)).to(run.device)
    model.body.embeddings.requires_grad_(False)
    rows = [*gold, *headlines]
    ids = teacher_ids(teacher_tokenizer(), [row.text for row in rows])
    labels = torch.tensor([row.label for row in rows])
    weights = torch.tensor([1.0] * len(gold) + [HEADLINE_WEIGHT] * len(headlines))
    rounds = Rounds(run.config.seed, len(rows), POOL)
    stream = Stream(
        run.config.seed,
        lambda rng, pool: cut(rounds.draw(pool), lambda index: len(ids[index]), config.tokens),
    )

    def losses() -> dict[str, Tensor]:
        batch = stream.next()
        padded = pad([ids[index] for index in batch]).to(run.device)
        logits = model(padded, mask_of(padded)).float()
        loss = F.cross_entropy(logits, labels[batch].to(run.device), reduction="none")
        return {"loss": (loss * weights[batch].to(run.device)).mean()}

    parts = [
        (model.body.parameters(), config.learning_rate),
        (model.head.parameters(), config.head_learning_rate),
    ]
    optimiser = RelativeAdam(parts, config.steps)
    job = Job("teacher", run.folder("teacher"), model, optimiser, [stream], losses, config)
    return model, train(run, job)


def average(one: Probabilities, other: Probabilities) -> Probabilities:
    """The mean of two models' probabilities: [texts, 3]."""
    return ((one + other) / 2).astype(numpy.float32)


def scores(classify: Classify, words: Pipeline, rows: Sequence[Labelled]) -> dict[str, Scores]:
    """Teacher, bag of words and their average on labelled rows."""
    texts, gold = [row.text for row in rows], [row.label for row in rows]
    tuned, counted = classify(texts), probabilities(words, texts)
    each = {"teacher": tuned, "bagOfWords": counted, "average": average(tuned, counted)}
    return {name: score(gold, values.argmax(1).tolist()) for name, values in each.items()}
