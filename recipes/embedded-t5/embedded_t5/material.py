"""Readers of the material, one per source. Texts come out normalised; labels as indexes."""

import ast
import csv
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from embedded_t5.normalise import normalise

SENTIMENTS = ("negative", "positive", "neutral")
NEUTRAL = SENTIMENTS.index("neutral")
_SENTENCE_END = re.compile(r"(?<=[.!?]) +")


class Labelled(NamedTuple):
    """One text and the index of its label."""

    text: str
    label: int


@dataclass(frozen=True)
class Material:
    """The folder with `data/` and `train/`; the README describes what lies in them."""

    root: Path

    def tfsn(self, split: str) -> list[Labelled]:
        """Twitter financial news sentiment, `train` or `valid`; the file's labels are in the order of SENTIMENTS."""
        with (self.root / f"data/tfsn/sent_{split}.csv").open(encoding="utf8", newline="") as file:
            return [Labelled(normalise(row["text"]), int(row["label"])) for row in csv.DictReader(file)]

    def fpb(self) -> list[Labelled]:
        """Financial PhraseBank, 50Agree. Only for evaluation: neither its licence nor our figures allow more."""
        rows = []
        for line in (self.root / "data/fpb/Sentences_50Agree.txt").read_text("latin-1").split("\n"):
            text, separator, label = line.rpartition("@")
            if separator:
                rows.append(Labelled(normalise(text), SENTIMENTS.index(label.strip())))
        return rows

    def sentfin(self) -> list[Labelled]:
        """SEntFiN headlines whose entities all have one label."""
        rows = []
        with (self.root / "data/sentfin/SEntFiN.csv").open(encoding="utf8", newline="") as file:
            for row in csv.DictReader(file):
                labels = set(_entity_labels(row["Decisions"]))
                if len(labels) == 1:
                    rows.append(Labelled(normalise(row["Title"]), SENTIMENTS.index(labels.pop())))
        return rows

    def sentconv(self, name: str) -> list[Labelled]:
        """A file of `label text` lines, such as `rt-polarity.all`."""
        rows = []
        for line in (self.root / "data/sentconv" / name).read_text("latin-1").split("\n"):
            label, separator, text = line.partition(" ")
            if separator:
                rows.append(Labelled(normalise(text), int(label)))
        return rows

    def sst2(self, split: str) -> list[Labelled]:
        """SST-2 of GLUE, `train` or `dev`: 0 negative, 1 positive."""
        with (self.root / f"data/glue_sst2/{split}.tsv").open(encoding="utf8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
        return [Labelled(normalise(text), int(label)) for label, text in rows]

    def imdb(self) -> Iterator[Labelled]:
        """Film reviews: 0 negative, 1 positive."""
        with lzma.open(self.root / "train/imdb_train.tsv.xz", "rt", encoding="utf8") as file:
            next(file)
            for line in file:
                label, _, text = line.rstrip("\n").split("\t", 2)
                yield Labelled(normalise(text.replace("<br />", " ")), int(label))

    def finance(self) -> Iterator[tuple[str, str]]:
        """Finance texts as (source, text)."""
        with lzma.open(self.root / "train/finance_texts.tsv.xz", "rt", encoding="utf8") as file:
            for line in file:
                source, _, text = line.rstrip("\n").partition("\t")
                yield source, normalise(text)

    def encyclopedia(self) -> Iterator[str]:
        """Wikipedia, paragraph by paragraph."""
        with lzma.open(self.root / "train/enwiki.txt.xz", "rt", encoding="utf8", errors="ignore") as file:
            for line in file:
                yield normalise(line)


def sentences(text: str, shortest: int, longest: int) -> list[str]:
    """The sentences of a text that have between `shortest` and `longest` characters."""
    return [part for part in _SENTENCE_END.split(text) if shortest < len(part) < longest]


def _entity_labels(decisions: str) -> list[str]:
    try:
        return list(ast.literal_eval(decisions).values())
    except (SyntaxError, ValueError):
        return []
