"""Stage `teacher`: tune the teacher of `opinions` further on finance texts with labels, average it with a bag of words
and, where one is named, an earlier adapter; label unlabelled texts softly."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy
import onnxruntime
import torch
from scipy.special import softmax
from transformers import AutoTokenizer

from embedded_t5.adapter import load_adapted
from embedded_t5.batches import cut, mask_of, pad
from embedded_t5.finance import base_folder
from embedded_t5.floors import bag_of_words, probabilities
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.opinions import Probabilities, average, headline_rows
from embedded_t5.prepare import read_labelled
from embedded_t5.run import Progress, Run, earlier, seed_everything
from embedded_t5.scoring import zero_shot_probabilities
from embedded_t5.teacher import outputs, teacher_ids
from embedded_t5.tokenizer import load_tokenizer
from embedded_t5.tuning import Lesson, tune_encoder

Classify = Callable[[Sequence[str]], Probabilities]

# SEntFiN speaks of single entities and has its own idea of neutral: it counts half.
HEADLINE_WEIGHT = 0.5
# Sources of sentences out of reports.
REPORTS = frozenset({"reuters21578_sent", "ectsum_bullet"})


def teach(run: Run) -> None:
    """Write `teacher/soft.npy` ([texts, 3] probabilities) and `teacher/soft.txt`. Left out where `finance` learns from
    no soft labels."""
    if run.config.finance.soft == 0:
        print("teacher: left out, as finance.soft is 0")
        return
    seed_everything(run.config.seed)
    folder, texts = run.folder("teacher"), run.folder("texts")
    gold, held = read_labelled(texts / "tfsn_tune.jsonl"), read_labelled(texts / "tfsn_held.jsonl")
    members = other_members(run, gold)
    classify, seconds = classifier(run, gold)
    members["teacher"] = classify
    heldout = held_out_scores(members, held)
    print(f"teacher: {json.dumps(heldout)}", flush=True)
    unlabelled = unlabelled_texts(run)
    soft = ensemble({name: member(unlabelled) for name, member in members.items()})
    numpy.save(folder / "soft.npy", soft.astype(numpy.float16))
    (folder / "soft.txt").write_text("\n".join(unlabelled), "utf8")
    run.record("teacher", {"seconds": round(seconds), "softLabels": len(unlabelled), "heldOut": heldout})


def other_members(run: Run, gold: Sequence[Labelled]) -> dict[str, Classify]:
    """What labels beside the teacher: a bag of words, and the adapter `teacher.adapter` where there is one."""
    config = run.config.teacher
    words, adapter = bag_of_words(gold, run.config.seed), earlier(run, config.adapter)
    members: dict[str, Classify] = {"bagOfWords": lambda texts: probabilities(words, texts)}
    if adapter:
        base = earlier(run, config.adapter_base) or base_folder(run)
        tokenizer, model = load_tokenizer(run.folder("tokenizer")), load_adapted(base, adapter)
        model.to(run.device)
        members["adapter"] = lambda texts: zero_shot_probabilities(run, model, tokenizer, texts, SENTIMENTS)
    return members


def ensemble(found: dict[str, Probabilities]) -> Probabilities:
    """The members' weighted mean: half the teacher, the other half evenly the others."""
    others = [values for name, values in found.items() if name != "teacher"]
    return average(found["teacher"], numpy.mean(others, axis=0))


def unlabelled_texts(run: Run) -> list[str]:
    """As many finance texts without a label as are to be labelled: tweets and headlines before sentences of reports,
    which are less like TFSN."""
    texts = run.folder("texts")
    labelled = {row.text for row in [*read_labelled(texts / "annotated.jsonl"), *headline_rows(run)]}
    material = islice(run.material.finance(), run.config.texts.lines_read)
    reports = {text for source, text in material if source in REPORTS}
    lines = (texts / "finance.txt").read_text("utf8").split("\n")
    unlabelled = [text for text in lines if text not in labelled]
    return sorted(unlabelled, key=reports.__contains__)[: run.config.texts.labelled_softly]


def classifier(run: Run, gold: Sequence[Labelled]) -> tuple[Classify, float]:
    """The tuned teacher as a function from texts to probabilities [texts, 3], and the seconds of its tuning."""
    config = run.config.teacher
    if config.classifier:
        return tuned_before(run, Path(config.classifier).expanduser()), 0.0
    lessons = finance_lessons(run, gold)
    # What else labels has no part in its tuning, so a checkpoint may be taken up with another adapter.
    tuning = replace(config, adapter="", adapter_base="")
    models, seconds = [], 0.0
    for number in range(config.seeds):
        seeded = replace(run, config=replace(run.config, seed=run.config.seed + number))
        folder, start = run.folder(f"teacher/seed-{number}"), run.folder("opinions") / "teacher.pt"
        model, more = tune_encoder(seeded, f"teacher {number + 1}", folder, tuning, lessons, start)
        models.append(model)
        seconds += more

    def classify(texts: Sequence[str]) -> Probabilities:
        return softmax(outputs(run, models, texts, "soft labels"), axis=2).mean(0)

    return classify, seconds


def finance_lessons(run: Run, gold: Sequence[Labelled]) -> list[Lesson]:
    """TFSN's tuning rows, `teacher.gold` times per epoch, so that the many others do not drown them, SEntFiN's
    headlines, and with `teacher.annotated` what a language model labelled and wrote."""
    config, texts = run.config.teacher, run.folder("texts")
    kinds = ("annotated", "written") if config.annotated else ()
    others = [row for kind in kinds for row in read_labelled(texts / f"{kind}.jsonl")]
    return [
        *(Lesson(row.text, row.label) for row in [*gold] * config.gold),
        *(Lesson(row.text, row.label, HEADLINE_WEIGHT) for row in headline_rows(run)),
        *(Lesson(row.text, row.label) for row in others),
    ]


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


def held_out_scores(members: dict[str, Classify], rows: Sequence[Labelled]) -> dict[str, Scores]:
    """Each member and their ensemble on labelled rows."""
    texts, gold = [row.text for row in rows], [row.label for row in rows]
    found = {name: member(texts) for name, member in members.items()}
    return {
        name: score(gold, values.argmax(1).tolist()) for name, values in {**found, "average": ensemble(found)}.items()
    }
