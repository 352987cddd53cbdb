from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from numpy.typing import NDArray

from embedded_t5.adapter import load_adapted
from embedded_t5.finance import adapter_folder, base_folder
from embedded_t5.material import SENTIMENTS, Labelled, Material
from embedded_t5.prepare import TaskRow, read_labelled, write_rows
from embedded_t5.prompts import short_prompt
from embedded_t5.run import Run
from embedded_t5.scoring import label_scores
from embedded_t5.soft_labels import (
    HEADLINE_WEIGHT,
    ensemble,
    finance_lessons,
    held_out_scores,
    other_members,
    unlabelled_texts,
)
from embedded_t5.t5 import load_model
from embedded_t5.tokenizer import load_tokenizer
from embedded_t5.tuning import Lesson


@pytest.fixture
def texts(run: Run) -> Run:
    """A run whose headlines, annotated and written texts are few."""
    folder = run.folder("texts")
    write_rows(folder / "tasks.jsonl", [TaskRow("shares soar", 1, "news"), TaskRow("a fine film", 1, "review")])
    write_rows(folder / "annotated.jsonl", [Labelled("a bank opens", 2)])
    write_rows(folder / "written.jsonl", [Labelled("mill thrives", 1)])
    return run


def with_teacher(run: Run, **settings: Any) -> Run:
    return replace(run, config=replace(run.config, teacher=replace(run.config.teacher, **settings)))


def test_texts_without_a_label_are_labelled_softly_those_of_reports_last(
    texts: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["oil was stable , he said", "oil falls", "a bank opens", "shares soar", "gold shines"]
    (texts.folder("texts") / "finance.txt").write_text("\n".join(lines), "utf8")
    sources = [("reuters21578_sent", lines[0]), *(("stocknet", line) for line in lines[1:])]
    monkeypatch.setattr(Material, "finance", lambda _: iter(sources))
    assert unlabelled_texts(texts) == ["oil falls", "gold shines", lines[0]]
    fewer = replace(texts.config.texts, labelled_softly=1)
    assert unlabelled_texts(replace(texts, config=replace(texts.config, texts=fewer))) == ["oil falls"]


def test_the_teacher_learns_of_a_language_model_only_where_it_is_told_to(texts: Run) -> None:
    gold = [Labelled("mill stands", 2)]
    headline = Lesson("shares soar", 1, HEADLINE_WEIGHT)
    assert finance_lessons(texts, gold) == [Lesson("mill stands", 2), headline]
    assert Counter(finance_lessons(with_teacher(texts, gold=3, annotated=True), gold)) == {
        Lesson("mill stands", 2): 3,
        headline: 1,
        Lesson("a bank opens", 2): 1,
        Lesson("mill thrives", 1): 1,
    }


SHOWN = ["bank rises", "oil price falls"]


def said(run: Run, base: Path) -> NDArray[numpy.float32]:
    """What the run's adapter says of SHOWN on this base: [texts, 3]."""
    model, tokenizer = load_adapted(base, adapter_folder(run)), load_tokenizer(run.folder("tokenizer"))
    return label_scores(run, model, tokenizer, list(map(short_prompt, SHOWN)), SENTIMENTS).softmax(1).numpy()


def test_an_earlier_adapter_labels_softly_too(tuned: Run) -> None:
    gold = read_labelled(tuned.folder("texts") / "tfsn_tune.jsonl")
    assert list(other_members(tuned, gold)) == ["bagOfWords"]
    run = with_teacher(tuned, adapter=str(adapter_folder(tuned)))
    found = other_members(run, gold)["adapter"](SHOWN)
    assert numpy.allclose(found, said(run, base_folder(run)))
    assert numpy.allclose(found.sum(1), 1)


def test_an_earlier_adapter_may_label_on_a_base_of_its_own(tuned: Run, tmp_path: Path) -> None:
    gold, model = read_labelled(tuned.folder("texts") / "tfsn_tune.jsonl"), load_model(base_folder(tuned))
    for weights in model.parameters():
        weights.data *= 1.1
    model.save_pretrained(tmp_path)
    run = with_teacher(tuned, adapter=str(adapter_folder(tuned)), adapter_base=str(tmp_path))
    found = other_members(run, gold)["adapter"](SHOWN)
    assert numpy.allclose(found, said(run, tmp_path))
    assert not numpy.allclose(found, said(run, base_folder(run)))


def test_half_of_the_ensemble_is_the_teacher() -> None:
    sure = {name: numpy.eye(3, dtype=numpy.float32)[[place]] for place, name in enumerate(("bagOfWords", "adapter"))}
    teacher = numpy.eye(3, dtype=numpy.float32)[[2]]
    assert ensemble({**sure, "teacher": teacher}).tolist() == [[0.25, 0.25, 0.5]]
    assert ensemble({"bagOfWords": sure["bagOfWords"], "teacher": teacher}).tolist() == [[0.5, 0, 0.5]]


def test_each_member_and_their_average_are_measured() -> None:
    rows = [Labelled("up", 1), Labelled("down", 0)]
    right = numpy.eye(3, dtype=numpy.float32)[[1, 0]]
    found = held_out_scores({"bagOfWords": lambda _: right[::-1] * 0.9, "teacher": lambda _: right}, rows)
    assert {name: one["accuracy"] for name, one in found.items()} == {"bagOfWords": 0, "teacher": 1, "average": 1}
