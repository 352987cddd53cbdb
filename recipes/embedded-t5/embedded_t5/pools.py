"""The batches of the mixture: texts, their words, texts with blanks, and prompts, as arrays. They are made in processes
beside the training, so nothing here may use torch."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from embedded_t5.batches import Ids, Ragged, Rounds, cut_alike, padded, up
from embedded_t5.config import Phase
from embedded_t5.opinions import read_opinions
from embedded_t5.prepare import read_tasks
from embedded_t5.prompts import TASKS, Examples
from embedded_t5.run import Run
from embedded_t5.scoring import LONGEST_PROMPT
from embedded_t5.spans import IGNORED, corrupt, pieces_of
from embedded_t5.table import embedded_texts, text_version
from embedded_t5.teacher import teacher_tokenizer
from embedded_t5.tokenizer import END
from embedded_t5.words import Aligned, Placed, aligned, place

# An embedding is learned from at most so many tokens.
LONGEST_TEXT = 64
MOST_LABELS = max(len(labels) for task in TASKS.values() for labels in task.label_sets)
# Texts that are tokenized at once.
TOKENIZED = 50_000
# Token ids of the texts of a version, by it and the tokenizer: those of the last stage in this process.
KNOWN: dict[tuple[str, str], Ragged] = {}


class Views(NamedTuple):
    """Texts whose embedding is asked for: their indexes [texts] and token ids [texts, length]."""

    indexes: NDArray[numpy.int64]
    ids: Ids


class Blanks(NamedTuple):
    """Texts with blanks, and what was in them: token ids [texts, length]."""

    ids: Ids
    answers: Ids


class Asked(NamedTuple):
    """Token ids of prompts and of their answers [prompts, length], and the tokens that each answer might begin with,
    with their probabilities [prompts, labels]."""

    ids: Ids
    answers: Ids
    first: Ids
    shares: NDArray[numpy.float32]


Maker = Callable[[random.Random, int], list[Any]]


class Pool(NamedTuple):
    """How the batches of a pool are made, and the seed of all of them."""

    seed: int
    batches: Maker


class Pools:
    """The pools of one phase by the name of their loss; only what a loss of weight above 0 needs is read. `tasks`
    tells how many rows each task of prompts has."""

    def __init__(self, run: Run, phase: Phase, tokenizer: PreTrainedTokenizerFast) -> None:
        self.phase, self.tokenizer, self.multiple = phase, tokenizer, run.multiple
        plain, asked = phase.embedding > 0 or phase.span > 0, phase.prompt > 0
        self.texts = embedded_ids(run, text_version(run), tokenizer) if plain else Ragged([])
        self.written = embedded_texts(run) if phase.word > 0 else []
        self.tokenizers = (tokenizer, teacher_tokenizer()) if phase.word > 0 else ()
        rows = read_tasks(run.folder("texts") / "tasks.jsonl") + read_opinions(run) if asked else []
        self.examples = Examples(rows)
        self.tasks = dict(Counter(row.task for row in rows))
        names = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        if phase.span > 0 and run.config.vocabulary.sentinels <= LONGEST_TEXT // 2:
            raise SystemExit(f"vocabulary.sentinels must be above {LONGEST_TEXT // 2}, the most blanks of a text.")
        self.pieces = pieces_of(names)
        words = sorted({word for task in TASKS.values() for labels in task.label_sets for word in labels})
        self.answers = dict(zip(words, tokenizer(words)["input_ids"], strict=True))
        self.longest_answer = max(map(len, self.answers.values()))
        self.rounds, self.by_name = {}, {}
        makers: dict[str, Maker] = {
            "embedding": self.embedding_pool,
            "span": self.span_pool,
            "prompt": self.prompt_pool,
            "word": self.word_pool,
        }
        sizes = {
            "embedding": len(self.texts),
            "span": len(self.texts),
            "prompt": len(self.examples.rows),
            "word": len(self.written),
        }
        for index, (name, maker) in enumerate(makers.items()):
            self.rounds[name] = Rounds(run.config.seed + index, sizes[name], phase.pool)
            self.by_name[name] = Pool(run.config.seed + index, maker)

    def embedding_pool(self, rng: random.Random, pool: int) -> list[Views]:
        """Batches of whole texts."""
        drawn = self.rounds["embedding"].draw(pool)
        pairs = [(index, [*self.texts[index][: LONGEST_TEXT - 1], END]) for index in drawn]
        batches = cut_alike(pairs, lambda pair: len(pair[1]), self.phase.embedding_tokens, self.multiple, rng)
        return [
            Views(numpy.array([index for index, _ in batch]), padded([ids for _, ids in batch], 0, size))
            for size, batch in batches
        ]

    def span_pool(self, rng: random.Random, pool: int) -> list[Blanks]:
        """Batches of texts with blanks."""
        rows = [self.texts[index][: LONGEST_TEXT - 1] for index in self.rounds["span"].draw(pool)]
        generator, last = numpy.random.default_rng(rng.getrandbits(64)), len(self.tokenizer) - 1
        made = []
        whole = [ids for ids in rows if len(ids)]
        for size, batch in cut_alike(whole, with_end, self.phase.span_tokens, self.multiple, rng):
            ids, answers = corrupt(padded(batch), self.pieces, last, generator)
            width = up(answers.shape[1], self.multiple)
            made.append(Blanks(widened(ids, 0, size), widened(answers, IGNORED, width)))
        return made

    def prompt_pool(self, rng: random.Random, pool: int) -> list[Asked]:
        """Batches of prompts and answers."""
        drawn = [self.examples.draw(index, rng) for index in self.rounds["prompt"].draw(pool)]
        prompts = token_ids(self.tokenizer, [example.prompt for example in drawn])
        rows = [([*ids[1 - LONGEST_PROMPT :], END], example) for ids, example in zip(prompts, drawn, strict=True)]
        tokens, multiple = self.phase.prompt_tokens, self.multiple
        return [
            Asked(
                padded([ids for ids, _ in batch], 0, size),
                padded([self.answers[example.answer] for _, example in batch], IGNORED, self.longest_answer),
                padded([[self.answers[word][0] for word in example.shares] for _, example in batch], 0, MOST_LABELS),
                shares_of([list(example.shares.values()) for _, example in batch]),
            )
            for size, batch in cut_alike(rows, lambda row: len(row[0]), tokens, multiple, rng)
        ]

    def word_pool(self, rng: random.Random, pool: int) -> list[Aligned]:
        """Batches of texts as we and as the teacher see them."""
        texts = [self.written[index] for index in self.rounds["word"].draw(pool)]
        views = [place(tokenizer, texts, LONGEST_TEXT) for tokenizer in self.tokenizers]
        pairs = list(zip(*views, strict=True))
        tokens, multiple = self.phase.word_tokens, self.multiple
        return [aligned(batch, size) for size, batch in cut_alike(pairs, longer, tokens, multiple, rng)]


def longer(pair: tuple[Placed, Placed]) -> int:
    """The length of the longer of two views of a text."""
    return max(len(view.ids) for view in pair)


def with_end(ids: Ids) -> int:
    """The length of a text with its end token."""
    return len(ids) + 1


def widened(ids: Ids, value: int, width: int) -> Ids:
    """[rows, length] to [rows, `width`], filled up with `value`."""
    return numpy.pad(ids, ((0, 0), (0, max(0, width - ids.shape[1]))), constant_values=value)


def shares_of(rows: list[list[float]]) -> NDArray[numpy.float32]:
    """Rows of probabilities to [rows, MOST_LABELS], filled up with 0."""
    shares = numpy.zeros((len(rows), MOST_LABELS), numpy.float32)
    for share, row in zip(shares, rows, strict=True):
        share[: len(row)] = row
    return shares


def embedded_ids(run: Run, version: str, tokenizer: PreTrainedTokenizerFast) -> Ragged:
    """Token ids of the texts with an embedding, which are of that `version`; the second of two stages in one process
    need not wait for them again."""
    key = (version, tokenizer.backend_tokenizer.to_str())
    if key not in KNOWN:
        KNOWN.clear()
        KNOWN[key] = token_ids(tokenizer, embedded_texts(run))
    return KNOWN[key]


def token_ids(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Ragged:
    """Of each text, without an end token."""
    encode = tokenizer.backend_tokenizer.encode_batch_fast
    return Ragged(
        encoding.ids
        for start in range(0, len(texts), TOKENIZED)
        for encoding in encode(texts[start : start + TOKENIZED], add_special_tokens=False)
    )
