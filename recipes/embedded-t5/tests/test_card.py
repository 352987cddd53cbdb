from dataclasses import asdict, replace
from typing import Any

from embedded_t5.card import base, decimal, soft_clause, training, write_card
from embedded_t5.evaluate import spread
from embedded_t5.export import export
from embedded_t5.mixture import learn_prompts
from embedded_t5.run import Run, read_json, write_json
from embedded_t5.t5 import load_model


def test_the_card_tells_of_a_mean(tuned: Run) -> None:
    export(tuned)
    finance = read_json(tuned.out / "finance.json")
    write_json(tuned.out / "finance.json", {**finance, "published": "mean"})
    write_card(tuned)
    assert "(the mean of 2 with different seeds)" in (tuned.published() / "README.md").read_text("utf8")


def test_the_card_tells_of_labels_of_a_language_model_where_there_are(tuned: Run) -> None:
    export(tuned)
    finance = read_json(tuned.out / "finance.json")

    def said(annotated: int, written: int) -> str:
        rows = {**finance["rows"], "annotated": annotated, "written": written}
        write_json(tuned.out / "finance.json", {**finance, "rows": rows})
        write_card(tuned)
        return (tuned.published() / "README.md").read_text("utf8")

    assert "large language model" not in said(0, 0)
    text = said(1234, 567)
    assert "finance texts\nof a large language model, Claude (1,234 labelled, 567 written; the" in text
    assert "none of their texts was shown to it" in text
    assert "finance texts\nof a large language model, Claude (5 written; the" in said(0, 5)
    before = {**finance, "rows": {"annotated": 1234}}
    write_json(tuned.out / "finance.json", {**finance, "rows": {"gold": 3}, "before": before})
    write_card(tuned)
    assert "Claude (1,234 labelled; the" in (tuned.published() / "README.md").read_text("utf8")


def test_figures_in_words() -> None:
    assert decimal(0.8465) in {".846", ".847"}
    assert spread([0.8, 0.9]) == {"mean": 0.85, "deviation": 0.0707, "each": [0.8, 0.9]}


def test_the_card_tells_what_was_learned_of_the_teacher(tuned: Run) -> None:
    went_on = replace(tuned, config=replace(tuned.config, prompts=replace(tuned.config.prompts, steps=5)))

    def words(weight: float) -> bool:
        earlier = {"stage": "pretrain", "config": {"pretrain": {"steps": 9, "word": weight}}}
        phase = {"steps": 5, "word": 0, "span": 1}
        write_json(tuned.out / "prompts.json", {"before": earlier, "stage": "prompts", "config": {"prompts": phase}})
        assert "to fill spans" in base(went_on)
        return "and the states of words of" in base(went_on)

    assert words(1)
    assert not words(0)


def test_the_card_tells_once_of_the_pretraining_that_prompts_went_on_from(tuned: Run) -> None:
    run = replace(tuned, config=replace(tuned.config, prompts=replace(tuned.config.prompts, start="")))
    load_model(run.material.root / "base").save_pretrained(run.folder("pretrain") / "model")
    run.record("pretrain", {"seconds": 7, "before": None})
    learn_prompts(run)
    stages = [line.split(" ")[1] for line in training(run).split("\n") if line.startswith("| p")]
    assert stages == ["pretrain", "prompts"]


def test_the_card_tells_of_verdicts_of_a_language_model_where_the_base_saw_them(tuned: Run) -> None:
    export(tuned)
    went_on = replace(tuned, config=replace(tuned.config, prompts=replace(tuned.config.prompts, steps=5)))

    def said(tasks: dict[str, int]) -> str:
        sittings = {"seconds": 1, "device": "CPU", "threads": 2, "options": [], "stage": "prompts"}
        phase = {"config": {"prompts": {"steps": 5, "span": 1, "word": 1}}}
        write_json(tuned.out / "prompts.json", {**sittings, **phase, "before": {**sittings, **phase, "tasks": tasks}})
        write_card(went_on)
        return (tuned.published() / "README.md").read_text("utf8")

    text = said({"verdict": 1234})
    assert "sentences of film reviews\nof a large language model, Claude (1,234 labelled positive" in text
    assert "none of their texts was shown to it" in text
    assert "Claude (1,234 labelled positive or negative, 567 written; the" in said({"verdict": 1234, "critic": 567})
    assert "film reviews\nof a large language model" not in said({"review": 1234})


def test_the_card_tells_what_labelled_softly(run: Run) -> None:
    def said(**settings: object) -> str:
        return soft_clause({**asdict(run.config.teacher), **settings})

    assert said().endswith("the average of a tuned all-MiniLM-L6-v2 and a bag of words")
    assert said(adapter="before").endswith("and an earlier adapter with a bag of words")
    assert "which learned from the language model too, and" in said(annotated=True)
    assert "language model" not in said(annotated=True, classifier="before")


def test_the_card_tells_of_soft_labels_wherever_the_adapter_comes_from(tuned: Run) -> None:
    export(tuned)
    finance = read_json(tuned.out / "finance.json")

    def record(soft: int, **teacher: object) -> dict[str, Any]:
        config = finance["config"]
        changed = {"finance": {**config["finance"], "soft": soft, "start": "before"}, "teacher": teacher}
        return {**finance, "config": {**config, **changed}}

    def said(now: dict[str, Any], before: dict[str, Any]) -> str:
        write_json(tuned.out / "finance.json", {**now, "before": before})
        write_card(tuned)
        return (tuned.published() / "README.md").read_text("utf8")

    none, classified, taught = record(0, classifier="other"), record(5, classifier="mine"), record(5, classifier="")
    assert "soft labels, the average of" not in said(none, none)
    assert "went on from the change of the adapter `before`.\n" in said(none, none)
    for now, before in ((none, taught), (taught, none)):
        assert "soft labels, the average of" in said(now, before)
        assert "A labelling classifier was tuned" not in said(now, before)
    assert "`before`; that training had a teacher and soft labels of its own.\n" in said(none, taught)
    assert "an earlier adapter with" in said(record(5, classifier="", adapter="an"), taught)
    assert "an earlier adapter with" not in said(taught, record(5, classifier="", adapter="an"))
    assert "A labelling classifier was tuned" in said(taught, classified)
