import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from embedded_t5 import opinions, prompts, table
from embedded_t5 import prepare as preparation
from embedded_t5.annotations import text_hash
from embedded_t5.card import base, critics_held_out, training, variants
from embedded_t5.config import load_config
from embedded_t5.normalise import overlap_key
from embedded_t5.opinions import (
    REVIEW_WEIGHT,
    headline_rows,
    label_opinions,
    labelled_rows,
    lessons,
    raise_neutral,
    read_opinions,
    review_texts,
)
from embedded_t5.prepare import TaskRow, prepare, read_labelled
from embedded_t5.prompts import Examples, leaning
from embedded_t5.run import Run, earlier, read_json, recorded_before
from embedded_t5.scoring import FOR_OR_AGAINST, zero_shot_probabilities
from embedded_t5.t5 import new_model
from embedded_t5.table import embedded_texts, read_embeddings, text_version
from embedded_t5.teacher import WIDTH
from embedded_t5.tokenizer import load_tokenizer, make_tokenizer
from embedded_t5.tuning import Lesson, without_neutral

OF_LABEL = {"negative": 0, "bearish": 0, "bad": 0, "positive": 1, "bullish": 1, "good": 1, "neutral": 2}


def logits(run: Run, models: Sequence[object], texts: Sequence[str], name: str = "") -> NDArray[numpy.float32]:
    """Stands for the tuned teacher, whose weights tests do without: logits that are always the same for a text."""
    return numpy.stack([[numpy.random.default_rng(len(text)).normal(size=3) for text in texts]]).astype("float32")


@pytest.fixture
def labelled(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run after the stage."""
    monkeypatch.setattr(opinions, "tune_encoder", lambda *_: (nn.Identity(), 0.0))
    monkeypatch.setattr(opinions, "outputs", logits)
    prepare(run)
    label_opinions(run)
    return run


def test_the_stage_labels_finance_texts_that_nothing_else_labels(labelled: Run) -> None:
    rows = [row for row in read_opinions(labelled) if row.task == "wire"]
    finance = set((labelled.folder("texts") / "finance.txt").read_text("utf8").split("\n"))
    held = read_labelled(labelled.folder("texts") / "tfsn_held.jsonl")
    tests = labelled.material.tfsn("valid") + labelled.material.fpb() + held
    forbidden = {overlap_key(row.text) for row in tests}
    learned = {row.text for row in labelled.material.sentfin()}
    assert len(rows) > 50
    for row in rows:
        assert row.text in finance - learned
        assert overlap_key(row.text) not in forbidden
        assert sum(row.probabilities) == pytest.approx(1, abs=0.002)
        assert row.probabilities[row.label] == max(row.probabilities)
    assert read_json(labelled.out / "opinions.json")["finance"] == len(rows)


def test_reviews_are_labelled_without_neutral(labelled: Run) -> None:
    rows = [row for row in read_opinions(labelled) if row.task == "scene"]
    dev = {overlap_key(row.text) for row in labelled.material.sst2("dev")}
    assert rows
    for row in rows:
        assert overlap_key(row.text) not in dev
        assert len(row.probabilities) == 2
        assert row.probabilities[row.label] == max(row.probabilities)


def test_variants_of_reviews_are_labelled(labelled: Run) -> None:
    rows = [row for row in read_opinions(labelled) if row.task == "variant"]
    assert [row.text for row in rows] == (labelled.folder("texts") / "variants.txt").read_text("utf8").split("\n")
    assert all(len(row.probabilities) == 2 for row in rows)
    record = read_json(labelled.out / "opinions.json")
    assert record["variants"] == len(rows)
    assert record["criticsHeldOut"]["rows"] == 1


def test_an_earlier_base_labels_reviews_beside_the_teacher(labelled: Run) -> None:
    make_tokenizer(labelled)
    tokenizer = load_tokenizer(labelled.folder("tokenizer"))
    model = new_model(labelled.config.model, len(tokenizer))
    model.save_pretrained(labelled.material.root / "before")
    alone, of_teacher = read_opinions(labelled), variants(labelled)
    config = replace(labelled.config, opinions=replace(labelled.config.opinions, base="before"))
    label_opinions(replace(labelled, config=config))
    asked = zero_shot_probabilities(labelled, model, tokenizer, [row.text for row in alone], FOR_OR_AGAINST)
    for one, other, ours in zip(alone, read_opinions(labelled), asked.tolist(), strict=True):
        if one.task == "wire":
            assert other == one
        else:
            mean = [(first + second) / 2 for first, second in zip(one.probabilities, ours, strict=True)]
            assert other.probabilities == pytest.approx(mean, abs=0.002)
    assert "an earlier base" not in of_teacher
    assert "an earlier base, `before`" in variants(labelled)


def test_without_sentences_held_out_nothing_is_said_of_them(labelled: Run) -> None:
    texts = replace(labelled.config.texts, critics_held_out=0)
    run = replace(labelled, config=replace(labelled.config, texts=texts))
    prepare(run)
    label_opinions(run)
    assert read_json(run.out / "opinions.json")["criticsHeldOut"] is None


def test_a_teacher_goes_on_from_that_of_an_earlier_run(labelled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path | None] = []
    monkeypatch.setattr(opinions, "tune_encoder", lambda *given: (begun.append(given[-1]), (nn.Identity(), 0.0))[1])
    label_opinions(labelled)
    sentiment = replace(labelled.config.sentiment, start="earlier")
    label_opinions(replace(labelled, config=replace(labelled.config, sentiment=sentiment)))
    assert begun == [None, labelled.material.root / "earlier/opinions/teacher.pt"]


def test_written_sentences_come_once_among_the_lessons(labelled: Run) -> None:
    counts = Counter(lesson.text for lesson in lessons(labelled, headline_rows(labelled)))
    assert {counts[row.text] for row in labelled_rows(labelled, "critic")} == {1}


def test_sentences_with_a_label_teach_the_teacher_and_get_none_of_its(
    labelled: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *rest = (labelled.folder("texts") / "reviews.txt").read_text("utf8").split("\n")
    labels = {text_hash(first): 0, text_hash(second): 2}
    monkeypatch.setattr(opinions, "read_annotations", lambda _: labels)
    monkeypatch.setattr(preparation, "read_annotations", lambda _: labels)
    prepare(labelled)
    assert review_texts(labelled) == rest
    learned = lessons(labelled, headline_rows(labelled))
    assert Lesson(first, 0, REVIEW_WEIGHT, polar=True) in learned
    assert {lesson.label for lesson in learned if lesson.polar} == {0, 1}


def test_the_teacher_is_tuned_on_headlines_and_reviews_alone(labelled: Run) -> None:
    learned = lessons(labelled, headline_rows(labelled))
    headlines = {row.text for row in labelled.material.sentfin()}
    assert {lesson.text for lesson in learned if not lesson.polar} == headlines
    assert {lesson.label for lesson in learned if lesson.polar} == {0, 1}
    assert any("rt-polarity" in lesson.text for lesson in learned)
    assert not any("Train news" in lesson.text for lesson in learned)


def test_neutral_is_out_of_the_question_where_nobody_could_say_it() -> None:
    raw = torch.tensor([[0.0, 0.0, 9.0], [0.0, 0.0, 9.0]])
    shares = without_neutral(raw, torch.tensor([True, False])).softmax(1)
    assert shares[0].tolist() == [0.5, 0.5, 0.0]
    assert shares[1, 2] > 0.99


def test_embeddings_of_other_or_of_some_texts_are_refused(labelled: Run) -> None:
    texts = embedded_texts(labelled)
    vectors = numpy.zeros((len(texts), WIDTH), numpy.float16)
    numpy.save(labelled.folder("targets") / "embeddings-0000.npy", vectors)
    (labelled.folder("targets") / table.VERSION).write_text(text_version(labelled))
    assert len(read_embeddings(labelled)) == len(texts)
    numpy.save(labelled.folder("targets") / "embeddings-0000.npy", vectors[1:])
    with pytest.raises(SystemExit, match=f"{len(texts) - 1} of {len(texts)} embeddings"):
        read_embeddings(labelled)
    with (labelled.folder("texts") / "mixed.txt").open("a", encoding="utf8") as file:
        file.write("\none more")
    with pytest.raises(SystemExit, match="of other texts"):
        read_embeddings(labelled)
    (labelled.folder("targets") / table.VERSION).unlink()
    with pytest.raises(SystemExit, match="not there: run `targets`"):
        read_embeddings(labelled)


def test_raising_neutral_multiplies_its_odds() -> None:
    raised = raise_neutral(numpy.array([[0.25, 0.25, 0.5], [0.0, 1.0, 0.0]], numpy.float32), numpy.log(3))
    assert raised[0].tolist() == pytest.approx([0.125, 0.125, 0.75])
    assert raised[1].tolist() == [0.0, 1.0, 0.0]


def test_answers_follow_the_probabilities_of_a_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "LEAN_MEAN", 0.0)
    monkeypatch.setattr(prompts, "LEAN_DEVIATION", 0.0)
    rows = [TaskRow(f"mill {label}", label, "wire", (0.2, 0.7, 0.1)) for label in range(3)]
    shares = {0: 0.2, 1: 0.7, 2: 0.1}
    examples, rng = Examples(rows), random.Random(2)
    found = [examples.draw(0, rng) for _ in range(4000)]
    each_share = [{OF_LABEL[word]: share for word, share in each.shares.items()} for each in found]
    assert all(found_shares == pytest.approx(shares) for found_shares in each_share)
    drawn = Counter(OF_LABEL[each.answer] for each in found)
    assert [drawn[label] / 4000 for label in range(3)] == pytest.approx([0.2, 0.7, 0.1], abs=0.03)


def test_a_prompt_with_demonstrations_leans_as_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prompts.TASKS, "wire", replace(prompts.TASKS["wire"], few_shot=1.0))
    rows = [TaskRow(f"mill {number}", 2, "wire", (0.3, 0.2, 0.5)) for number in range(9)]
    examples, neutral, leans = Examples(rows), {True: 0, False: 0}, []
    for seed in range(400):
        prompt, _, shares = examples.draw(0, random.Random(seed))
        odds = {OF_LABEL[word]: share for word, share in shares.items()}
        assert odds[0] / odds[1] == pytest.approx(1.5)
        shown = re.findall(r"(\w+)\.", prompt)
        assert {OF_LABEL[word] for word in shown} == {2 if odds[2] > odds[0] else 0}
        neutral[odds[2] > odds[0]] += 1
        leans.append(math.log(odds[2] / (odds[0] + odds[1])))
    assert min(neutral.values()) > 30
    assert numpy.mean(leans) == pytest.approx(prompts.LEAN_MEAN, abs=0.15)
    assert numpy.std(leans) == pytest.approx(prompts.LEAN_DEVIATION, abs=0.15)


def test_a_lean_moves_neutral_alone() -> None:
    moved = leaning(TaskRow("mill", 0, "wire", (0.4, 0.3, 0.3)), math.log(2))
    assert moved == TaskRow("mill", 2, "wire", pytest.approx((0.4 / 1.3, 0.3 / 1.3, 0.6 / 1.3)))
    polar = TaskRow("reel", 0, "scene", (0.6, 0.4))
    assert leaning(polar, 3.0) == polar


def labels_shown(draw: Callable[[TaskRow, float, random.Random], TaskRow], query: TaskRow) -> list[float]:
    """The share of each label among many demonstrations, none of which is the query."""
    rng, times = random.Random(3), 3000
    shown = [draw(query, 0.0, rng) for _ in range(times)]
    assert query not in shown
    counts = Counter(row.label for row in shown)
    return [counts[label] / times for label in range(3)]


def test_demonstrations_show_labels_evenly_or_as_frequent_as_they_are() -> None:
    rows = [TaskRow(f"mill {number}", 2 if number % 10 else number // 10 % 2, "wire") for number in range(100)]
    examples = Examples(rows)
    assert labels_shown(examples.evenly, rows[1]) == pytest.approx([1 / 3] * 3, abs=0.04)
    assert labels_shown(examples.as_frequent, rows[1]) == pytest.approx([0.05, 0.05, 0.9], abs=0.02)


@pytest.mark.parametrize(("even", "rare"), [(1.0, 2 / 3), (0.0, 0.1)])
def test_a_share_of_prompts_shows_labels_evenly(monkeypatch: pytest.MonkeyPatch, even: float, rare: float) -> None:
    monkeypatch.setattr(prompts, "EVEN", even)
    monkeypatch.setitem(prompts.TASKS, "wire", replace(prompts.TASKS["wire"], few_shot=1.0))
    rows = [TaskRow(f"mill {number}", 2 if number % 10 else number // 10 % 2, "wire") for number in range(100)]
    examples = Examples(rows)
    drawn = [examples.draw(1, random.Random(seed)).prompt for seed in range(600)]
    shown = [OF_LABEL[word] for prompt in drawn for word in re.findall(r"(\w+)\.", prompt)]
    assert sum(label != 2 for label in shown) / len(shown) == pytest.approx(rare, abs=0.05)


def test_demonstrations_come_more_often_where_texts_can_be_neutral() -> None:
    def share(task: str) -> float:
        examples = Examples([TaskRow(f"mill {number}", number % 2, task) for number in range(9)])
        drawn = [examples.draw(0, random.Random(seed)).prompt for seed in range(1000)]
        return sum(prompt.count("mill") > 1 for prompt in drawn) / len(drawn)

    assert share("wire") == pytest.approx(0.4, abs=0.05)
    assert share("critic") == pytest.approx(0.05, abs=0.015)


def test_the_card_tells_of_a_teacher_that_went_on_and_of_variants(run: Run) -> None:
    sentiment = replace(run.config.sentiment, start="before")
    later = replace(run, config=replace(run.config, sentiment=sentiment))
    run.record("opinions", {"seconds": 3, "before": None})
    later.record("opinions", {"seconds": 5, "before": run.recorded("opinions"), "variants": 1234})
    later.record("prompts", {"seconds": 7, "before": None, "seeds": [{}, {}], "criticsHeldOut": {"rows": 40}})
    said = training(later)
    assert len(re.findall(r"^\| opinions", said, re.MULTILINE)) == 2
    assert "`opinions` went on from the weights of `before`" in said
    assert "1,234 of these texts are variants" in base(later)
    assert "mean of 2 trainings" in base(later)
    assert "40 sentences of critics" in critics_held_out(later)
    taken_over = replace(later.config, prompts=replace(later.config.prompts, steps=0))
    assert critics_held_out(replace(later, config=taken_over)) == ""


@pytest.mark.parametrize(("name", "fills"), [("nano", False), ("mini", True)])
def test_the_card_says_whether_spans_were_learned(run: Run, name: str, fills: bool) -> None:
    config = load_config(Path(__file__).parent.parent / f"configs/{name}.toml")
    made = Run(config, run.material, run.out, run.device)
    made.record("prompts", {"seconds": 7, "before": None})
    said = base(made)
    assert bool(re.search("fill spans", said)) == fills
    assert f"({config.opinions.neutral})" in said


def test_the_card_tells_of_the_training_that_a_phase_went_on_from(run: Run) -> None:
    phase = replace(run.config.prompts, start="earlier/prompts/model")
    for out, options in (("earlier", ("--threads", "2")), ("later", ("--threads", "8"))):
        other = replace(run, out=run.material.root / out, options=options, config=replace(run.config, prompts=phase))
        before = recorded_before(earlier(other, phase.start)) if out == "later" else None
        other.record("prompts", {"seconds": 7, "before": before})
    lines = [line for line in training(other).split("\n") if line.startswith("| prompts")]
    assert ["--threads 2" in lines[0], "--threads 8" in lines[1], len(lines)] == [True, True, 2]
    assert ["runs/earlier`" in lines[0], "runs/later`" in lines[1]] == [True, True]
    assert recorded_before(run.material.root / "nowhere/prompts/model") is None
