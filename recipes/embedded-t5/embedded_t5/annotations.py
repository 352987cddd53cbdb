"""Labels that a large language model gave to texts, and texts that it wrote; `annotations/README.md` says how.

Texts of others may not be passed on, so that each is known by a hash of its overlap key.
"""

import csv
import lzma
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.normalise import normalise, overlap_key

FOLDER = Path(__file__).parents[1] / "annotations"
FINANCE, REVIEWS = FOLDER / "finance.tsv.xz", FOLDER / "reviews.tsv.xz"
WRITTEN_FINANCE, WRITTEN_REVIEWS = FOLDER / "written-finance.tsv.xz", FOLDER / "written-reviews.tsv.xz"
DIGITS = 12


def text_hash(text: str) -> str:
    """The first digits of the SHA-256 of what is left of a text without links, punctuation, case and spacing."""
    return sha256(overlap_key(text).encode()).hexdigest()[:DIGITS]


def read_annotations(path: Path) -> dict[str, int]:
    """The index in SENTIMENTS by hash of text."""
    return {row["text"]: SENTIMENTS.index(row["label"]) for row in rows_of(path)}


def read_written(path: Path) -> list[Labelled]:
    """Texts that stand in the file themselves."""
    return [Labelled(normalise(row["text"]), SENTIMENTS.index(row["label"])) for row in rows_of(path)]


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows by the names in the head line."""
    with lzma.open(path, "rt", encoding="utf8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")
