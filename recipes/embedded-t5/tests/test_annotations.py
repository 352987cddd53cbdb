import lzma
from dataclasses import replace
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
from embedded_t5.prepare import annotated_rows, write_rows
from embedded_t5.run import Run
from embedded_t5.soft_labels import unlabelled_texts

# Of negative, positive and neutral texts.
WRITTEN_COUNTS = [(WRITTEN_FINANCE, [7823, 7918, 12049]), (WRITTEN_REVIEWS, [3589, 3594, 0])]


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


@pytest.mark.parametrize(("path", "counts"), WRITTEN_COUNTS)
def test_the_written_texts_of_the_recipe_can_be_read(path: Path, counts: list[int]) -> None:
    rows = read_written(path)
    assert len({row.text for row in rows}) == len(rows)
    assert [sum(row.label == label for row in rows) for label in range(3)] == counts
    assert all(4 < len(row.text) < 400 for row in rows)


def test_annotated_texts_are_not_labelled_softly_too(run: Run) -> None:
    texts = run.folder("texts")
    (texts / "finance.txt").write_text("oil falls\na bank opens\ngold shines", "utf8")
    write_rows(texts / "annotated.jsonl", [Labelled("a bank opens", 2)])
    assert unlabelled_texts(run) == ["oil falls", "gold shines"]
    texts_config = replace(run.config.texts, labelled_softly=1)
    assert unlabelled_texts(replace(run, config=replace(run.config, texts=texts_config))) == ["oil falls"]
