"""Labels that a large language model gave to texts; `annotations/README.md` says how.

The texts may not be passed on, so that each is known by a hash of its overlap key.
"""

import csv
import lzma
from hashlib import sha256
from pathlib import Path

from embedded_t5.material import SENTIMENTS
from embedded_t5.normalise import overlap_key

FOLDER = Path(__file__).parents[1] / "annotations"
FINANCE, REVIEWS = FOLDER / "finance.tsv.xz", FOLDER / "reviews.tsv.xz"
DIGITS = 12


def text_hash(text: str) -> str:
    """The first digits of the SHA-256 of what is left of a text without links, punctuation, case and spacing."""
    return sha256(overlap_key(text).encode()).hexdigest()[:DIGITS]


def read_annotations(path: Path) -> dict[str, int]:
    """The index in SENTIMENTS by hash of text."""
    with lzma.open(path, "rt", encoding="utf8", newline="") as file:
        return {row["text"]: SENTIMENTS.index(row["label"]) for row in csv.DictReader(file, delimiter="\t")}
