"""Stages `pretrain` and `prompts`: the teacher's sentence embeddings, span filling and prompts, mixed.

Reproducing the teacher's embedding (mean of encoder states, a linear map, cosine) taught far more per token than span
filling; all three together taught most. The two stages differ only in their weights.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from embedded_t5.batches import Rounds, Stream, cut, mask_of, pad
from embedded_t5.config import Phase
from embedded_t5.loop import Job, train
from embedded_t5.opinions import read_opinions
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.prepare import read_tasks
from embedded_t5.prompts import Examples
from embedded_t5.run import Run, read_json, seed_everything
from embedded_t5.scoring import zero_shot_held_out
from embedded_t5.spans import corrupt
from embedded_t5.t5 import Model, answer_logits, encode, load_model, mean_state, new_model
from embedded_t5.table import embedded_texts, read_embeddings
from embedded_t5.teacher import WIDTH
from embedded_t5.tokenizer import END, load_tokenizer

# An embedding is learned from at most so many tokens; a prompt loses its beginning, never its query.
LONGEST_TEXT, LONGEST_PROMPT = 64, 128
IGNORED = -100

Pair = tuple[list[int], list[int]]


class Asked(NamedTuple):
    """Token ids of a prompt and of its answer, and the tokens that the answer might begin with, with their
    probabilities."""

    ids: list[int]
    answer: list[int]
    first: list[int]
    shares: list[float]


def pretrain(run: Run) -> None:
    """Train the base from the start table, or go on from published weights. Left out where `prompts` names weights."""
    if run.config.prompts.start:
        print("pretrain: left out, as prompts.start names the weights to begin with")
        return
    mix(run, "pretrain", run.config.pretrain, earlier(run, run.config.pretrain))


def learn_prompts(run: Run) -> None:
    """Go on with more weight on prompts. The result is the published base. Without steps, earlier weights are taken
    over as they are."""
    phase = run.config.prompts
    start = earlier(run, phase) or run.folder("pretrain") / "model"
    if phase.steps == 0:
        take_over(run, start)
    else:
        mix(run, "prompts", phase, start)


def earlier(run: Run, phase: Phase) -> Path | None:
    """The folder of the weights to begin with, where the configuration names one."""
    return run.material.root / phase.start if phase.start else None


def recorded_before(start: Path | None) -> dict[str, Any] | None:
    """What was recorded of the stage whose weights this one began with, where they lie in its run's folder."""
    path = start.parent.parent / f"{start.parent.name}.json" if start else None
    return read_json(path) if path and path.exists() else None


def take_over(run: Run, start: Path) -> None:
    """The base is that of another folder."""
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model: Model = load_model(start)
    model.save_pretrained(run.folder("prompts") / "model")
    held = zero_shot_held_out(run, model.to(run.device), tokenizer)
    run.record("prompts", {"seconds": 0, "zeroShotHeldOut": held, "before": recorded_before(start)})
    print(f"prompts: took over {start}; zero-shot on the held-out rows {held}")


def mix(run: Run, name: str, phase: Phase, start: Path | None) -> None:
    """One phase over the mixture; writes `<name>/model` and `<name>/head.pt`."""
    seed_everything(run.config.seed)
    folder, tokenizer = run.folder(name), load_tokenizer(run.folder("tokenizer"))
    t5: Model = begin(run, start, len(tokenizer))
    head = nn.Linear(run.config.model.d_model, WIDTH)
    if start and (start.parent / "head.pt").exists():
        head.load_state_dict(torch.load(start.parent / "head.pt", map_location="cpu"))
    model = nn.ModuleDict({"t5": t5, "head": head}).to(run.device)
    mixture = Mixture(run, phase, model, tokenizer)
    optimiser = RelativeAdam([(model.parameters(), phase.learning_rate)], phase.steps)
    seconds = train(run, Job(name, folder, model, optimiser, list(mixture.streams.values()), mixture.losses, phase))
    t5.save_pretrained(folder / "model")
    torch.save(head.state_dict(), folder / "head.pt")
    held = zero_shot_held_out(run, t5, tokenizer)
    report = {"seconds": round(seconds), "zeroShotHeldOut": held, "before": recorded_before(start)}
    run.record(name, report)
    print(f"{name}: zero-shot on the held-out rows {held}")


def begin(run: Run, start: Path | None, vocabulary: int) -> T5ForConditionalGeneration:
    """Published weights, or random ones with the table of the teacher's pieces."""
    if start:
        return load_model(start)
    model = new_model(run.config.model, vocabulary)
    table = torch.from_numpy(numpy.load(run.folder("targets") / "table.npy"))
    model.get_input_embeddings().weight.data.copy_(table)
    return model


class Mixture:
    """The streams whose weight is above 0, and the weighted losses of their next batches."""

    def __init__(self, run: Run, phase: Phase, model: nn.ModuleDict, tokenizer: PreTrainedTokenizerFast) -> None:
        self.run, self.phase, self.model, self.tokenizer = run, phase, model, tokenizer
        self.texts = embedded_texts(run)
        self.targets = read_embeddings(run) if phase.embedding > 0 else numpy.zeros((0, WIDTH), numpy.float16)
        self.examples = Examples(read_tasks(run.folder("texts") / "tasks.jsonl") + read_opinions(run))
        names = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        self.begins_word = [name.startswith("▁") for name in names]
        seed = run.config.seed
        makers: dict[str, Callable[[random.Random, int], list[Any]]] = {
            "embedding": self.embedding_pool,
            "span": self.span_pool,
            "prompt": self.prompt_pool,
        }
        sizes = {"embedding": len(self.targets), "span": len(self.texts), "prompt": len(self.examples.rows)}
        self.rounds = {name: Rounds(seed + index, sizes[name], phase.pool) for index, name in enumerate(makers)}
        self.streams: dict[str, Stream[Any]] = {
            name: Stream(seed + index, maker)
            for index, (name, maker) in enumerate(makers.items())
            if getattr(phase, name) > 0
        }

    def losses(self) -> dict[str, Tensor]:
        """The weighted loss of each stream's next batch."""
        measures: dict[str, Callable[[Any], Tensor]] = {
            "embedding": self.embedding_loss,
            "span": self.span_loss,
            "prompt": self.prompt_loss,
        }
        return {
            name: getattr(self.phase, name) * measures[name](stream.next()) for name, stream in self.streams.items()
        }

    def embedding_loss(self, batch: list[tuple[int, list[int]]]) -> Tensor:
        """One minus the cosine between the mapped mean state and the teacher's embedding."""
        ids = pad([row for _, row in batch]).to(self.run.device)
        mask = mask_of(ids)
        mean = mean_state(encode(self.model["t5"], ids, mask), mask)
        target = torch.from_numpy(self.targets[[index for index, _ in batch]]).float().to(self.run.device)
        return (1 - F.cosine_similarity(self.model["head"](mean).float(), target, dim=1)).mean()

    def span_loss(self, batch: list[Pair]) -> Tensor:
        """Cross-entropy of the tokens of all spans."""
        logits, answers = self.answered(batch)
        return F.cross_entropy(logits.flatten(0, 1), answers.flatten(), ignore_index=IGNORED)

    def prompt_loss(self, batch: list[Asked]) -> Tensor:
        """Cross-entropy of the answer's tokens, its end included; of the first against all answers' probabilities."""
        logits, answers = self.answered([(asked.ids, asked.answer) for asked in batch])
        first = pad([asked.first for asked in batch]).to(self.run.device)
        shares = torch.zeros(first.shape, device=self.run.device)
        for row, asked in zip(shares, batch, strict=True):
            row[: len(asked.shares)] = torch.tensor(asked.shares)
        begun = -(shares * logits[:, 0].log_softmax(-1).gather(1, first)).sum()
        rest = F.cross_entropy(
            logits[:, 1:].flatten(0, 1), answers[:, 1:].flatten(), ignore_index=IGNORED, reduction="sum"
        )
        return (begun + rest) / (answers != IGNORED).sum()

    def answered(self, batch: list[Pair]) -> tuple[Tensor, Tensor]:
        """Logits [batch, length, vocabulary] of the answers [batch, length]."""
        ids = pad([prompt for prompt, _ in batch]).to(self.run.device)
        answers = pad([answer for _, answer in batch], IGNORED).to(self.run.device)
        return answer_logits(self.model["t5"], ids, mask_of(ids), answers).float(), answers

    def embedding_pool(self, rng: random.Random, pool: int) -> list[list[tuple[int, list[int]]]]:
        """Batches of (index of the target, ids)."""
        drawn = self.rounds["embedding"].draw(pool)
        rows = [[*ids[: LONGEST_TEXT - 1], END] for ids in self.plain_ids(drawn)]
        return cut(list(zip(drawn, rows, strict=True)), lambda pair: len(pair[1]), self.phase.embedding_tokens)

    def span_pool(self, rng: random.Random, pool: int) -> list[list[Pair]]:
        """Batches of texts with blanks and what was in them."""
        rows = self.plain_ids(self.rounds["span"].draw(pool))
        last = len(self.tokenizer) - 1
        pairs = [corrupt(ids[:LONGEST_TEXT], self.begins_word, last, rng) for ids in rows if ids]
        return cut(pairs, lambda pair: len(pair[0]), self.phase.span_tokens)

    def prompt_pool(self, rng: random.Random, pool: int) -> list[list[Asked]]:
        """Batches of prompts and answers."""
        drawn = [self.examples.draw(index, rng) for index in self.rounds["prompt"].draw(pool)]
        prompts = self.tokenizer([example.prompt for example in drawn], add_special_tokens=False)["input_ids"]
        words = sorted({word for example in drawn for word in (example.answer, *example.shares)})
        answers = dict(zip(words, self.tokenizer(words)["input_ids"], strict=True))
        asked = [
            Asked(
                [*ids[1 - LONGEST_PROMPT :], END],
                answers[example.answer],
                [answers[word][0] for word in example.shares],
                list(example.shares.values()),
            )
            for ids, example in zip(prompts, drawn, strict=True)
        ]
        return cut(asked, lambda each: len(each.ids), self.phase.prompt_tokens)

    def plain_ids(self, indexes: list[int]) -> list[list[int]]:
        """Token ids without an end token."""
        return self.tokenizer([self.texts[index] for index in indexes], add_special_tokens=False)["input_ids"]
