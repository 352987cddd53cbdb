"""Stages `pretrain` and `prompts`: the teacher's sentence embeddings or its states of words, span filling and prompts,
mixed.

Reproducing the teacher's embedding (mean of encoder states, a linear map, cosine) taught far more per token than span
filling; with prompts both taught most. The two stages differ only in their weights.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from embedded_t5.at_once import train_at_once
from embedded_t5.batches import mask_of
from embedded_t5.config import Phase, Prompts
from embedded_t5.gradients import Measure
from embedded_t5.loop import Job, Part, train
from embedded_t5.metrics import Scores
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.pooling import mean_state, word_states
from embedded_t5.pools import Pools
from embedded_t5.run import Run, earlier, recorded_before, seed_everything
from embedded_t5.scoring import zero_shot
from embedded_t5.spans import IGNORED
from embedded_t5.stream import Stream
from embedded_t5.t5 import Model, answer_logits, encode, for_training, load_model, new_model
from embedded_t5.table import read_embeddings
from embedded_t5.teacher import WIDTH, SentenceEncoder
from embedded_t5.tokenizer import load_tokenizer


def pretrain(run: Run) -> None:
    """Train the base from the start table, or go on from published weights. Left out where `prompts` names weights."""
    if run.config.prompts.start:
        print("pretrain: left out, as prompts.start names the weights to begin with")
        return
    mix(run, "pretrain", run.config.pretrain, earlier(run, run.config.pretrain.start))


def learn_prompts(run: Run) -> None:
    """Go on with more weight on prompts; of several seeds the mean of the weights counts, brought back towards those
    before if asked for. The result is the published base. Without steps, earlier weights are taken over as they are."""
    phase = run.config.prompts
    start = earlier(run, phase.start) or run.folder("pretrain") / "model"
    if phase.steps == 0:
        take_over(run, start)
    elif phase.seeds == 1 and phase.start_share == 0:
        mix(run, "prompts", phase, start)
    else:
        mix_seeds(run, phase, start)


def take_over(run: Run, start: Path) -> None:
    """The base is that of another folder."""
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model: Model = load_model(start)
    model.save_pretrained(run.folder("prompts") / "model")
    held = zero_shot(run, model.to(run.device), tokenizer)
    run.record("prompts", {"seconds": 0, **held, "before": recorded_before(start)})
    print(f"prompts: took over {start}; {held}")


def mix(run: Run, name: str, phase: Phase, start: Path | None) -> None:
    """One phase over the mixture; writes `<name>/model` and `<name>/head.pt`."""
    report = mix_one(run, name, run.folder(name), phase, start, new_head(run))
    run.record(name, {**report, "before": recorded_before(start)})


def mix_seeds(run: Run, phase: Prompts, start: Path) -> None:
    """Train `phase.seeds` bases from the same weights, and take the mean (model soup, arXiv 2203.05482)."""
    alone = replace(phase, seeds=1, start_share=0.0)
    reports = train_at_once(run.device, partial(mix_seed, run, alone, start), phase.seeds)
    models = [read_base(run, run.folder(f"prompts/seed-{number}")) for number in range(phase.seeds)]
    states, mean = [model.state_dict() for model in models], models[0]
    mean.load_state_dict({key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]})
    if phase.start_share:
        go_back(mean["t5"], start, phase.start_share)
    held = write_base(run, run.folder("prompts"), mean)
    side_by_side = reports[0]["threads"] < torch.get_num_threads()
    seconds, tasks = (max if side_by_side else sum)(report["seconds"] for report in reports), reports[0]["tasks"]
    report = {"seconds": seconds, **held, "tasks": tasks, "seeds": reports}
    run.record("prompts", {**report, "before": recorded_before(start)})
    print(f"prompts: the mean of {phase.seeds} seeds {held}")


def go_back(model: Model, start: Path, share: float) -> None:
    """Move the weights that share of the way back to those at `start`: what a training forgets it knows again, and it
    keeps most of what it learned (WiSE-FT, arXiv 2109.01903)."""
    before = load_model(start).to(model.device).state_dict()
    model.load_state_dict({key: torch.lerp(now, before[key], share) for key, now in model.state_dict().items()})


def mix_seed(run: Run, phase: Prompts, start: Path, number: int) -> dict[str, Any]:
    """One of several trainings; all begin with the same head."""
    head = new_head(run)
    seeded = replace(run, config=replace(run.config, seed=run.config.seed + number))
    return mix_one(seeded, f"prompts {number + 1}", run.folder(f"prompts/seed-{number}"), phase, start, head)


def new_head(run: Run) -> nn.Linear:
    """The linear map to the teacher's embedding, drawn at random."""
    seed_everything(run.config.seed)
    return nn.Linear(run.config.model.d_model, WIDTH)


def mix_one(run: Run, name: str, folder: Path, phase: Phase, start: Path | None, head: nn.Linear) -> dict[str, Any]:
    """One phase over the mixture with one seed, in a folder of its own: what to report. The `head` is taken where there
    is none beside the weights at `start`."""
    seed_everything(run.config.seed)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    t5: Model = begin(run, start, len(tokenizer))
    if start and (start.parent / "head.pt").exists():
        head.load_state_dict(torch.load(start.parent / "head.pt", map_location="cpu"))
    model = nn.ModuleDict({"t5": for_training(t5), "head": head}).to(run.device)
    mixture = Mixture(run, phase, model, tokenizer)
    optimiser = RelativeAdam([(model.parameters(), phase.learning_rate)], phase.steps)
    seconds = train(run, Job(name, folder, model, optimiser, mixture.parts, phase))
    held = write_base(run, folder, model)
    print(f"{name}: {held}")
    threads = torch.get_num_threads()
    return {"seconds": round(seconds), "threads": threads, **held, "tasks": mixture.pools.tasks}


def write_base(run: Run, folder: Path, model: nn.ModuleDict) -> dict[str, Scores | None]:
    """Write `model` and `head.pt` into the folder; the model's scores on held-out rows."""
    t5: Model = model["t5"]
    t5.save_pretrained(folder / "model")
    torch.save(model["head"].state_dict(), folder / "head.pt")
    return zero_shot(run, t5, load_tokenizer(run.folder("tokenizer")))


def read_base(run: Run, folder: Path) -> nn.ModuleDict:
    """What `write_base` wrote."""
    model: Model = load_model(folder / "model")
    head = nn.Linear(run.config.model.d_model, WIDTH)
    head.load_state_dict(torch.load(folder / "head.pt", map_location="cpu"))
    return nn.ModuleDict({"t5": model, "head": head}).to(run.device)


def begin(run: Run, start: Path | None, vocabulary: int) -> T5ForConditionalGeneration:
    """Published weights, or random ones with the table of the teacher's pieces."""
    if start:
        return load_model(start)
    model = new_model(run.config.model, vocabulary)
    table = torch.from_numpy(numpy.load(run.folder("targets") / "table.npy"))
    model.get_input_embeddings().weight.data.copy_(table)
    return model


class Mixture:
    """The losses whose weight is above 0, each of the batches of its pools."""

    def __init__(self, run: Run, phase: Phase, model: nn.ModuleDict, tokenizer: PreTrainedTokenizerFast) -> None:
        self.model = model
        targets = read_embeddings(run) if phase.embedding > 0 else numpy.zeros((0, WIDTH), numpy.float16)
        self.targets = torch.from_numpy(targets).to(run.device)
        self.pools = Pools(run, phase, tokenizer)
        if phase.word > 0:
            self.teacher = SentenceEncoder().to(run.device).eval().requires_grad_(False)
        losses: dict[str, Measure] = {
            "embedding": self.embedding_loss,
            "span": self.span_loss,
            "prompt": self.prompt_loss,
            "word": self.word_loss,
        }
        self.parts = {
            name: Part(Stream(pool.seed, pool.batches, run.workers), self.weighed(getattr(phase, name), losses[name]))
            for name, pool in self.pools.by_name.items()
            if getattr(phase, name) > 0
        }

    def weighed(self, weight: float, loss: Measure) -> Measure:
        """The loss, as often as it counts."""
        return lambda *batch: weight * loss(*batch)

    def embedding_loss(self, indexes: Tensor, ids: Tensor) -> Tensor:
        """One minus the cosine between the mapped mean state and the teacher's embedding, of `Views`."""
        ids = ids.long()
        mask = mask_of(ids)
        mean = mean_state(encode(self.model["t5"], ids, mask), mask)
        target = self.targets[indexes].float()
        return (1 - F.cosine_similarity(self.model["head"](mean).float(), target, dim=1)).mean()

    def word_loss(self, ids: Tensor, places: Tensor, teacher_ids: Tensor, teacher_places: Tensor) -> Tensor:
        """One minus the cosine between the mapped mean state and the teacher's: of each word, and of the whole text. Of
        `Aligned`."""
        ids, teacher_ids = ids.long(), teacher_ids.long()
        mask, teacher_mask = mask_of(ids), mask_of(teacher_ids)
        states = self.model["head"](encode(self.model["t5"], ids, mask)).float()
        with torch.no_grad():
            taught = self.teacher.states(teacher_ids, teacher_mask).float()
        mine, here = word_states(states, places.long())
        wanted, there = word_states(taught, teacher_places.long())
        both = here & there
        words = (F.cosine_similarity(mine, wanted, dim=2) * both).sum() / both.sum().clamp(min=1)
        whole = F.cosine_similarity(mean_state(states, mask), mean_state(taught, teacher_mask), dim=1)
        return 2 - words - whole.mean()

    def span_loss(self, ids: Tensor, answers: Tensor) -> Tensor:
        """Cross-entropy of the tokens of all spans, of `Blanks`."""
        answers = answers.long()
        logits = self.logits(ids, answers)
        return F.cross_entropy(logits.flatten(0, 1), answers.flatten(), ignore_index=IGNORED)

    def prompt_loss(self, ids: Tensor, answers: Tensor, first: Tensor, shares: Tensor) -> Tensor:
        """Cross-entropy of the answer's tokens, its end included; of the first against all answers' probabilities. Of
        `Asked`."""
        answers = answers.long()
        logits = self.logits(ids, answers)
        begun = -(shares * logits[:, 0].log_softmax(-1).gather(1, first.long())).sum()
        rest = F.cross_entropy(
            logits[:, 1:].flatten(0, 1), answers[:, 1:].flatten(), ignore_index=IGNORED, reduction="sum"
        )
        return (begun + rest) / (answers != IGNORED).sum()

    def logits(self, ids: Tensor, answers: Tensor) -> Tensor:
        """Of the answers [batch, length]: [batch, length, vocabulary]."""
        ids = ids.long()
        return answer_logits(self.model["t5"], ids, mask_of(ids), answers).float()
