"""Stage `evaluate`: every figure of the model card, on held-out rows; with `--final` on the test sets too, once."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from peft import PeftModel
from sklearn.pipeline import Pipeline
from transformers import PreTrainedTokenizerFast

from embedded_t5.blanks import span_filling
from embedded_t5.card import write_card
from embedded_t5.export import ADAPTER
from embedded_t5.floors import bag_of_words, majority, probabilities
from embedded_t5.material import Labelled
from embedded_t5.metrics import Scores, score
from embedded_t5.prepare import read_labelled
from embedded_t5.run import Run, learned_held_out, write_json
from embedded_t5.scoring import FOR_OR_AGAINST, classify
from embedded_t5.shots import five_shot, similar_shots
from embedded_t5.t5 import Model, load_model
from embedded_t5.tokenizer import load_tokenizer


def evaluate(run: Run, final: bool) -> None:
    """Write `evaluation.json` and the model card."""
    folder, texts = run.published(), run.folder("texts")
    tokenizer = load_tokenizer(folder)
    base: Model = load_model(folder)
    base.to(run.device)
    tuning = read_labelled(texts / "tfsn_tune.jsonl")
    sets = {"heldOut": read_labelled(texts / "tfsn_held.jsonl")}
    if final:
        sets |= {"tfsnValid": run.material.tfsn("valid"), "fpb50Agree": run.material.fpb()}
    found: dict[str, Any] = {
        "sst2Dev": classify(run, base, tokenizer, run.material.sst2("dev"), FOR_OR_AGAINST),
        "spanFilling": span_filling(run, base, tokenizer),
    }
    words, common = bag_of_words(tuning, run.config.seed), majority(tuning)
    for name, rows in sets.items():
        found[name] = {
            **floors(words, common, rows),
            "base": classify(run, base, tokenizer, rows),
            "baseFiveShot": five_shot(run, base, tokenizer, tuning, rows),
            "baseFiveSimilar": similar_shots(run, base, tokenizer, tuning, rows),
        }
    for name, scores in adapters(run, tokenizer, sets).items():
        found[name] |= scores
    run.record("evaluation", {"final": final, "results": found})
    write_card(run)
    write_json(run.folder("evaluations") / f"{'final' if final else 'held-out'}.json", found)
    print(f"evaluate: {brief(found)}")


def brief(found: dict[str, Any]) -> str:
    """The figures, without the fillings, which are for `evaluations/*.json`."""
    filled = {name: value for name, value in found["spanFilling"].items() if name != "fillings"}
    return json.dumps({**found, "spanFilling": filled})


def floors(words: Pipeline, common: int, rows: Sequence[Labelled]) -> dict[str, Scores]:
    """The majority class `common` and the bag of words."""
    gold = [row.label for row in rows]
    counted = probabilities(words, [row.text for row in rows])
    return {
        "majority": score(gold, [common] * len(rows)),
        "bagOfWords": score(gold, counted.argmax(1).tolist()),
    }


def adapters(
    run: Run, tokenizer: PreTrainedTokenizerFast, sets: dict[str, list[Labelled]]
) -> dict[str, dict[str, Any]]:
    """The published adapter on each set that it did not learn from, and the mean and deviation over the seeds where
    there are several."""
    found: dict[str, dict[str, Any]] = {name: {} for name in sets}
    others = sorted(run.folder("finance").glob("seed-*/adapter"))
    for name, rows in sets.items():
        if name == "heldOut" and learned_held_out(run.recorded("finance")):
            continue
        found[name]["adapter"] = classify(run, adapted(run, run.published() / ADAPTER), tokenizer, rows)
        if len(others) > 1:
            each = [classify(run, adapted(run, folder), tokenizer, rows) for folder in others]
            found[name]["seeds"] = {key: spread([scores[key] for scores in each]) for key in ("accuracy", "macroF1")}
    return found


def adapted(run: Run, adapter: Path) -> Model:
    """The published base with an adapter."""
    return PeftModel.from_pretrained(load_model(run.published()), adapter).to(run.device)


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Mean and sample standard deviation."""
    return {"mean": round(mean(values), 4), "deviation": round(stdev(values), 4), "each": list(values)}
