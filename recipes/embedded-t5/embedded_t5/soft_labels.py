"""Stage `teacher`: tune the teacher of `opinions` further on TFSN train and SEntFiN, average it with a bag of words,
label unlabelled texts softly."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import onnxruntime
import torch
from scipy.special import softmax
from sklearn.pipeline import Pipeline
from transformers import AutoTokenizer

from embedded_t5.batches import cut, mask_of, pad
from embedded_t5.floors import bag_of_words, probabilities
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.opinions import Probabilities, average, headline_rows
from embedded_t5.prepare import read_labelled
from embedded_t5.run import Progress, Run, seed_everything
from embedded_t5.teacher import outputs, teacher_ids
from embedded_t5.tuning import Lesson, tune_encoder

Classify = Callable[[Sequence[str]], Probabilities]

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
    unlabelled = unlabelled_texts(run)
    soft = average(classify(unlabelled), probabilities(words, unlabelled))
    numpy.save(folder / "soft.npy", soft.astype(numpy.float16))
    (folder / "soft.txt").write_text("\n".join(unlabelled), "utf8")
    run.record("teacher", {"seconds": round(seconds), "softLabels": len(unlabelled), "heldOut": heldout})


def unlabelled_texts(run: Run) -> list[str]:
    """As many finance texts as are to be labelled, none of them annotated."""
    texts = run.folder("texts")
    annotated = {row.text for row in read_labelled(texts / "annotated.jsonl")}
    lines = (texts / "finance.txt").read_text("utf8").split("\n")
    return [text for text in lines if text not in annotated][: run.config.texts.labelled_softly]


def classifier(run: Run, gold: Sequence[Labelled]) -> tuple[Classify, float]:
    """The tuned teacher as a function from texts to probabilities [texts, 3], and the seconds of its tuning."""
    config = run.config.teacher
    if config.classifier:
        return tuned_before(run, Path(config.classifier).expanduser()), 0.0
    lessons = [
        *(Lesson(row.text, row.label) for row in gold),
        *(Lesson(row.text, row.label, HEADLINE_WEIGHT) for row in headline_rows(run)),
    ]
    models, seconds = [], 0.0
    for number in range(config.seeds):
        seeded = replace(run, config=replace(run.config, seed=run.config.seed + number))
        folder, start = run.folder(f"teacher/seed-{number}"), run.folder("opinions") / "teacher.pt"
        model, more = tune_encoder(seeded, f"teacher {number + 1}", folder, config, lessons, start)
        models.append(model)
        seconds += more

    def classify(texts: Sequence[str]) -> Probabilities:
        return softmax(outputs(run, models, texts, "soft labels"), axis=2).mean(0)

    return classify, seconds


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


def scores(classify: Classify, words: Pipeline, rows: Sequence[Labelled]) -> dict[str, Scores]:
    """Teacher, bag of words and their average on labelled rows."""
    texts, gold = [row.text for row in rows], [row.label for row in rows]
    tuned, counted = classify(texts), probabilities(words, texts)
    each = {"teacher": tuned, "bagOfWords": counted, "average": average(tuned, counted)}
    return {name: score(gold, values.argmax(1).tolist()) for name, values in each.items()}
