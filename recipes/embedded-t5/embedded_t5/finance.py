"""Stage `finance`: tune the projections in full, take the truncated SVD of the change as a LoRA adapter, polish that.

LoRA from the start converged slowly on models this small; a few minutes of full tuning and its SVD were far better.
Labels of people are seen for several epochs, those of a language model, which are many, less often, and soft labels
of the teacher fill up the rest. Of several seeds the mean of the weights is a candidate too (model soup, arXiv
2203.05482).
"""

import copy
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from peft import PeftModel
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from embedded_t5.adapter import decompose, factors_of, load_adapted, projections, write_adapter
from embedded_t5.batches import mask_of
from embedded_t5.finance_rows import Rows, finance_rows, pools
from embedded_t5.loop import Job, Part, train
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.metrics import Scores
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.prepare import read_labelled
from embedded_t5.run import Run, earlier, learned_held_out, recorded_before, seed_everything
from embedded_t5.scoring import classify
from embedded_t5.stream import Stream
from embedded_t5.t5 import Model, answer_logits, for_training, load_model
from embedded_t5.tokenizer import END, load_tokenizer, word_ids

# The end of the answer is known already; it needs a reminder only.
END_WEIGHT = 0.02


def base_folder(run: Run) -> Path:
    """The base that the adapter belongs to."""
    return run.folder("prompts") / "model"


def adapter_folder(run: Run) -> Path:
    """The adapter that is published; not there before `finance` has ended."""
    return run.folder("finance") / "adapter"


def tune_finance(run: Run, seeds: int) -> None:
    """Make `seeds` adapters with as many seeds, which give the spread, and of several the mean. Published is the mean
    or the first, as `better` says; the best of all seeds would be the luckiest on the held-out rows."""
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    rows, held = finance_rows(run, tokenizer), held_out(run)
    models, reports = [], []
    for number in range(seeds):
        seeded = replace(run, config=replace(run.config, seed=run.config.seed + number))
        model, report = tune_one(seeded, run.folder(f"finance/seed-{number}"), tokenizer, rows, held)
        models.append(model)
        reports.append(report)
        print(f"finance: seed {number} on the held-out rows {report}", flush=True)
    mean = mean_adapter(run, models, tokenizer, held) if seeds > 1 else None
    chosen = better(reports[0], mean)
    shutil.rmtree(adapter_folder(run), ignore_errors=True)
    shutil.copytree(run.folder(f"finance/{chosen}") / "adapter", adapter_folder(run))
    counts = {kind: len(of) for kind, of in rows.kinds.items() if getattr(run.config.finance, kind)}
    before = recorded_before(earlier(run, run.config.finance.start))
    run.record("finance", {"seeds": reports, "mean": mean, "published": chosen, "rows": counts, "before": before})
    print(f"finance: of {chosen}; the mean on the held-out rows {mean}")


def held_out(run: Run) -> list[Labelled]:
    """The rows to choose by; none where they are learned from, now or by an adapter that this one goes on from."""
    config = run.config.finance
    if config.held_out_too or learned_held_out(recorded_before(earlier(run, config.start))):
        return []
    return read_labelled(run.folder("texts") / "tfsn_held.jsonl")


def better(first: dict[str, Any], mean: dict[str, Any] | None) -> str:
    """The name of the better report on the held-out rows, the first one's where they are equal. Without such rows the
    mean of several: it is less a matter of luck than one seed."""
    if not mean:
        return "seed-0"
    mine, its = kept_scores(mean), kept_scores(first)
    return "mean" if not mine or not its or merit(mine) > merit(its) else "seed-0"


def kept_scores(report: dict[str, Any]) -> Scores | None:
    """Of the adapter that was kept, where it was measured."""
    scores: Scores | None = report["heldOut"][report["kept"]]
    return scores


def best_of(scores: dict[str, Scores | None]) -> str:
    """The better adapter on the held-out rows; the polished one where nothing tells them apart."""
    names = [name for name in ("polished", "svd") if name in scores]
    return max(names, key=lambda name: merit(found) if (found := scores[name]) else 0)


def merit(scores: Scores) -> float:
    """What adapters are compared by."""
    return scores["accuracy"] + scores["macroF1"]


def mean_adapter(
    run: Run, models: Sequence[Model], tokenizer: PreTrainedTokenizerFast, held: list[Labelled]
) -> dict[str, Any]:
    """Write `finance/mean/adapter`, the SVD of the mean of several full tunings of one base, and report of it as of one
    seed. It is not polished."""
    config, folder = run.config.finance, run.folder("finance/mean") / "adapter"
    base: Model = load_model(base_folder(run))
    mean = copy.deepcopy(base)
    weights = [dict(projections(model)) for model in models]
    for name, linear in projections(mean):
        linear.weight.data = torch.stack([each[name].weight.detach().cpu() for each in weights]).mean(0)
    factors, energy = decompose(base, mean, config.rank)
    write_adapter(folder, factors, config, run.config.model.name)
    scores = {
        "full": judged(run, mean.to(run.device), tokenizer, held),
        "svd": judged(run, with_adapter(run, folder), tokenizer, held),
    }
    return {"svdEnergy": round(energy, 4), "heldOut": scores, "kept": "svd"}


def tune_one(
    run: Run, folder: Path, tokenizer: PreTrainedTokenizerFast, rows: Rows, held: list[Labelled]
) -> tuple[Model, dict[str, Any]]:
    """Full tuning, SVD and, where it has steps, polish with one seed: the tuned model, and what to report."""
    config = run.config.finance
    base = load_model(base_folder(run))
    full, seconds = tune_projections(run, folder / "full", tokenizer, rows)
    scores = {"full": judged(run, full, tokenizer, held)}
    factors, energy = decompose(base, full, config.rank)
    write_adapter(folder / "svd", factors, config, run.config.model.name)
    scores["svd"] = judged(run, with_adapter(run, folder / "svd"), tokenizer, held)
    if config.polish_steps:
        polished, more = polish(run, folder / "polish", folder / "svd", tokenizer, rows)
        seconds += more
        write_adapter(folder / "polished", factors_of(polished), config, run.config.model.name)
        scores["polished"] = judged(run, polished, tokenizer, held)
    best = best_of(scores)
    shutil.copytree(folder / best, folder / "adapter", dirs_exist_ok=True)
    return full, {
        "seed": run.config.seed,
        "seconds": round(seconds),
        "svdEnergy": round(energy, 4),
        "heldOut": scores,
        "kept": best,
    }


def judged(run: Run, model: Model, tokenizer: PreTrainedTokenizerFast, held: list[Labelled]) -> Scores | None:
    """Scores on the held-out rows; None where there are none to choose by."""
    return classify(run, model, tokenizer, held) if held else None


def tune_projections(run: Run, folder: Path, tokenizer: PreTrainedTokenizerFast, rows: Rows) -> tuple[Model, float]:
    """Tune every projection of the base; embeddings, position biases and norms stay."""
    seed_everything(run.config.seed)
    config = run.config.finance
    model: Model = for_training(begin(run))
    model.to(run.device)
    model.requires_grad_(False)
    for _, linear in projections(model):
        linear.weight.requires_grad_(True)
    return model, fit(run, "finance", folder, model, tokenizer, rows, config.learning_rate, config.steps)


def begin(run: Run) -> Model:
    """The base, with the change of an earlier adapter where one is to go on from."""
    base, config = base_folder(run), run.config.finance
    start = earlier(run, config.start)
    return load_adapted(base, start, config.dropout) if start else load_model(base, config.dropout)


def polish(
    run: Run, folder: Path, adapter: Path, tokenizer: PreTrainedTokenizerFast, rows: Rows
) -> tuple[PeftModel, float]:
    """Tune the adapter itself, so that it makes up for what the truncation cut off."""
    seed_everything(run.config.seed)
    config = run.config.finance
    model = with_adapter(run, adapter, config.dropout)
    seconds = fit(run, "polish", folder, model, tokenizer, rows, config.polish_learning_rate, config.polish_steps)
    return model, seconds


def with_adapter(run: Run, adapter: Path, dropout: float = 0.0) -> PeftModel:
    """The base with an adapter whose factors can be trained."""
    base = for_training(load_model(base_folder(run), dropout))
    return PeftModel.from_pretrained(base, adapter, is_trainable=True).to(run.device)


def fit(
    run: Run,
    name: str,
    folder: Path,
    model: Model,
    tokenizer: PreTrainedTokenizerFast,
    rows: Rows,
    learning_rate: float,
    steps: int,
) -> float:
    """Soft cross-entropy of the label word under the full vocabulary. Returns the seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    words = label_ids(tokenizer).to(run.device)

    def loss(ids: Tensor, targets: Tensor) -> Tensor:
        ids = ids.long()
        answers = torch.stack([words[targets.argmax(1)], torch.full_like(ids[:, 0], END)], 1)
        logits = answer_logits(model, ids, mask_of(ids), answers).float()
        label = -(targets * logits[:, 0].log_softmax(-1).index_select(1, words)).sum(1).mean()
        return label + END_WEIGHT * F.cross_entropy(logits[:, 1], answers[:, 1])

    optimiser = RelativeAdam([(model.parameters(), learning_rate)], steps)
    depends = ("model", "texts", "sentiment", "opinions", "pretrain", "prompts", "teacher")
    parts = {"answer": Part(Stream(run.config.seed, pools(run, rows)), loss)}
    return train(run, Job(name, folder, model, optimiser, parts, run.config.finance, depends))


def label_ids(tokenizer: PreTrainedTokenizerFast) -> Tensor:
    """The one id of each sentiment word: [3]."""
    words = [word_ids(tokenizer, word) for word in SENTIMENTS]
    if any(len(ids) != 1 for ids in words):
        raise SystemExit(f"The vocabulary splits a label word of {SENTIMENTS}: train one that has them whole.")
    return torch.tensor([ids[0] for ids in words])
