import lzma
from pathlib import Path

import pytest

from embedded_t5.annotations import (
    DIGITS,
    FINANCE,
    REVIEWS,
    WRITTEN_FINANCE,
    WRITTEN_REVIEWS,
    read_annotations,
    read_written,
    text_hash,
)
from embedded_t5.material import SENTIMENTS, Labelled
from embedded_t5.prepare import annotated_rows

# How many negative, positive and neutral texts, and the fewest characters of one.
WRITTEN = [(WRITTEN_FINANCE, [7823, 7918, 12049], 12), (WRITTEN_REVIEWS, [17502, 17614, 0], 5)]


def test_a_text_is_known_whatever_its_case_links_and_punctuation() -> None:
    assert text_hash("Profit UP 3%! https://t.co/abc") == text_hash("profit up 3")
    assert text_hash("profit up 3") != text_hash("profit up 4")


def test_only_texts_with_an_annotation_are_labelled(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv.xz"
    rows = ["text\tlabel", f"{text_hash('Oil falls.')}\tnegative", f"{text_hash('Gone')}\tpositive"]
    with lzma.open(path, "wt", encoding="utf8") as file:
        file.write("\n".join(rows) + "\n")
    found = annotated_rows(["oil falls", "a bank opens"], read_annotations(path))
    assert found == [Labelled("oil falls", SENTIMENTS.index("negative"))]


@pytest.mark.parametrize(("path", "count"), [(FINANCE, 123_817), (REVIEWS, 33_605)])
def test_the_labels_of_the_recipe_can_be_read(path: Path, count: int) -> None:
    labels = read_annotations(path)
    assert len(labels) == count
    assert {len(key) for key in labels} == {DIGITS}
    assert set(labels.values()) == {0, 1, 2}


@pytest.mark.parametrize(("path", "counts", "shortest"), WRITTEN)
def test_the_written_texts_of_the_recipe_can_be_read(path: Path, counts: list[int], shortest: int) -> None:
    rows = read_written(path)
    assert len({row.text for row in rows}) == len(rows)
    assert [sum(row.label == label for row in rows) for label in range(3)] == counts
    assert all(shortest <= len(row.text) < 400 for row in rows)
