import lzma
import random
from dataclasses import replace
from pathlib import Path

import pytest

from embedded_t5 import prepare as preparation
from embedded_t5.annotations import REVIEWS, WRITTEN_FINANCE, WRITTEN_REVIEWS, text_hash
from embedded_t5.config import load_config
from embedded_t5.material import Labelled
from embedded_t5.normalise import normalise, overlap_key
from embedded_t5.prepare import (
    SPAN_SENTENCES,
    Overlap,
    TaskRow,
    mixed,
    prepare,
    read_labelled,
    read_tasks,
    varied_reviews,
)
from embedded_t5.run import Run, read_json


def test_normalise_drops_links_case_and_spacing() -> None:
    assert normalise("  Ｐrofit\tUP https://t.co/x?y=1 \n now") == "profit up now"


def test_key_ignores_links_punctuation_and_treebank_brackets() -> None:
    assert overlap_key("Profit -LRB- net -RRB- up, 3%! https://t.co/abc") == overlap_key("profit (net) up 3")
    assert overlap_key("profit up https…") == overlap_key("profit up")
    assert overlap_key("profit up 3") != overlap_key("profit up 4")


def test_overlap_counts_what_it_drops() -> None:
    overlap = Overlap(["A test text."])
    assert overlap.keep("one", [Labelled("a test, text", 0), Labelled("another", 1)]) == [Labelled("another", 1)]
    assert (overlap.read["one"], overlap.dropped["one"]) == (2, 1)


def test_a_longer_text_that_holds_a_test_text_is_dropped() -> None:
    overlap = Overlap(["an hour well spent, and a second one", "a short one"])
    assert overlap.forbids("mr", "It is an hour (well spent) and a second one; a third is not.")
    assert not overlap.forbids("mr", "an hour well spent and a second film")
    assert not overlap.forbids("mr", "this is a short one, too")
    overlap.forbid(["a third hour in the company of bores"])
    assert overlap.forbids("mr", "a third hour in the company of bores!")


def test_nothing_of_the_test_sets_is_left_to_train_on(run: Run) -> None:
    prepare(run)
    folder = run.folder("texts")
    held = read_labelled(folder / "tfsn_held.jsonl")
    tests = run.material.tfsn("valid") + run.material.fpb() + run.material.sst2("dev") + held
    forbidden = {overlap_key(row.text) for row in tests}
    trained = [row.text for row in read_labelled(folder / "tfsn_tune.jsonl")]
    trained += [row.text for row in read_tasks(folder / "tasks.jsonl")]
    for name in ("finance.txt", "mixed.txt", "variants.txt"):
        trained += (folder / name).read_text("utf8").split("\n")
    assert len(held) == 10
    assert len(trained) > 150
    assert not [text for text in trained if overlap_key(text) in forbidden]
    counts = read_json(folder / "overlap.json")
    assert counts["tfsnTrainEqualToTests"] == 2
    assert counts["dropped"]["finance texts, stocknet"] == 1
    assert counts["dropped"]["mr"] == 1


def test_annotations_are_found_beyond_the_calls_taken_and_never_in_a_test_set(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = [text for source, text in run.material.finance() if source == "stocknet"]
    calls = [text for source, text in run.material.finance() if source == "maec"]
    forbidden = run.material.tfsn("valid")[2].text
    assert forbidden in news
    labels = {text_hash(text): 1 for text in (news[5], calls[3], forbidden)}
    monkeypatch.setattr(preparation, "read_annotations", lambda _: labels)
    prepare(replace(run, config=replace(run.config, texts=replace(run.config.texts, call_sentences=0))))
    found = read_labelled(run.folder("texts") / "annotated.jsonl")
    assert sorted(found) == sorted([Labelled(news[5], 1), Labelled(calls[3], 1)])


def test_labelled_sentences_of_reviews_are_verdicts_and_opinions_and_never_in_a_test_set(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence, plot = "a film number 1, and a good plot.", "a film number 2, and a good plot."
    forbidden = run.material.sst2("dev")[0].text
    review = f"1\t9\t{sentence} {plot} {forbidden}."
    with lzma.open(run.material.root / "train/imdb_train.tsv.xz", "wt", encoding="utf8") as file:
        file.write(f"label\trating\ttext\n{review}\n")
    labels = {sentence: 1, plot: 2, forbidden: 0}
    by_hash = {text_hash(text): label for text, label in labels.items()}
    monkeypatch.setattr(preparation, "read_annotations", lambda path: by_hash if path == REVIEWS else {})
    prepare(run)
    rows = read_tasks(run.folder("texts") / "tasks.jsonl")
    assert {row.text: row.label for row in rows if row.task == "verdict"} == {sentence: 1}
    opinions = {(row.text, row.label) for row in rows if row.task == "opinion"}
    assert {(sentence, 1), (plot, 2)} <= opinions
    assert not {overlap_key(row.text) for row in rows} & {overlap_key(forbidden)}


@pytest.mark.parametrize("task", ["verdict", "critic", "stars"])
def test_variants_are_made_of_reviews_that_people_labelled_alone(run: Run, task: str) -> None:
    rows = [TaskRow("a dreary slog of a film", 0, "review"), TaskRow("a limpid unhurried marvel of grace", 1, task)]
    varied = varied_reviews(rows, [], Overlap([]), replace(run.config.texts, variants=20))
    words = {word for text in varied for word in text.split()}
    assert words and words <= set(rows[0].text.split())


def test_written_texts_train_what_they_are_for_and_are_never_in_a_test_set(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, learned = Labelled("a dreary slog of a film .", 0), Labelled("a limpid , unhurried marvel .", 1)
    critics = [kept, learned, Labelled(run.material.sst2("dev")[0].text, 0)]
    finance = [Labelled("a bank cheers .", 1), Labelled(run.material.tfsn("valid")[2].text, 0)]
    by_path = {WRITTEN_REVIEWS: critics, WRITTEN_FINANCE: finance}
    monkeypatch.setattr(preparation, "read_annotations", lambda _: {})
    monkeypatch.setattr(preparation, "read_written", by_path.__getitem__)
    prepare(run)
    folder = run.folder("texts")
    rows = [row for row in read_tasks(folder / "tasks.jsonl") if row.task == "critic"]
    assert [Labelled(row.text, row.label) for row in rows] == [learned]
    assert read_labelled(folder / "critics_held.jsonl") == [kept]
    varied = (folder / "variants.txt").read_text("utf8").split()
    assert varied and not {"unhurried", "slog"} & set(varied)
    assert read_labelled(folder / "written.jsonl") == finance[:1]
    dropped = read_json(folder / "overlap.json")["dropped"]
    assert (dropped["written sentences"], dropped["written finance texts"]) == (1, 1)


def test_subjective_sentences_with_a_label_are_verdicts_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = run.material.sentconv("subj.all")[1].text
    monkeypatch.setattr(
        preparation, "read_annotations", lambda path: {text_hash(sentence): 1} if path == REVIEWS else {}
    )
    prepare(run)
    rows = read_tasks(run.folder("texts") / "tasks.jsonl")
    assert [(row.text, row.label) for row in rows if row.task == "verdict"] == [(sentence, 1)]


def test_what_seldom_holds_an_opinion_is_no_sentence_of_a_review(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "read_annotations", lambda _: {})
    few = replace(run.config.texts, general_sentences=SPAN_SENTENCES + 2)
    prepare(replace(run, config=replace(run.config, texts=few)))
    folder = run.folder("texts")
    neutral = {row.text for row in read_tasks(folder / "tasks.jsonl") if (row.task, row.label) == ("opinion", 2)}
    assert neutral
    assert not neutral & set((folder / "reviews.txt").read_text("utf8").split("\n"))


def test_finance_has_its_share_of_the_embedded_texts() -> None:
    texts = load_config(Path(__file__).parents[1] / "configs/mini.toml", overrides=["texts.embedded=60"]).texts
    of = {kind: [f"{kind} {number}" for number in range(100)] for kind in ("news", "call", "fact")}
    for share, news in ((0.5, 30), (0.2, 12), (0.0, 0)):
        made = mixed(of["news"], of["call"], of["fact"], replace(texts, finance_share=share), random.Random(1))
        assert [len(made), sum(text.startswith("news") for text in made)] == [60, news]
        assert sum(text.startswith("call") for text in made) <= (60 - news) // 3


def test_the_held_out_rows_depend_on_their_seed_alone(run: Run) -> None:
    prepare(run)
    first = read_labelled(run.folder("texts") / "tfsn_held.jsonl")
    random.random()
    prepare(run)
    assert read_labelled(run.folder("texts") / "tfsn_held.jsonl") == first


def test_the_sentences_held_out_for_blanks_are_the_same_in_every_budget(run: Run) -> None:
    held = []
    for general in (150, 250):
        texts = replace(run.config.texts, general_sentences=general)
        prepare(replace(run, config=replace(run.config, texts=texts)))
        folder = run.folder("texts")
        held.append((folder / "span_held.txt").read_text("utf8").split("\n")[:SPAN_SENTENCES])
        assert not set(held[-1]) & set((folder / "mixed.txt").read_text("utf8").split("\n"))
    assert held[0] == held[1]
    assert len(set(held[0])) == SPAN_SENTENCES


def test_sentfin_keeps_headlines_of_one_opinion(run: Run) -> None:
    assert [row.label for row in run.material.sentfin()] == [0, 1, 2, 0, 1, 2]
    assert len(run.material.sentfin()) == 6
