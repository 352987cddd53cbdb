import random
import shutil
from dataclasses import replace

import numpy
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from embedded_t5.adapter import projections
from embedded_t5.card import base, decimal, training, write_card
from embedded_t5.evaluate import adapters, demonstrations, spread
from embedded_t5.export import ADAPTER, export
from embedded_t5.finance import adapter_folder, base_folder, begin, better, mean_adapter, tune_finance
from embedded_t5.finance_rows import finance_rows, pools, thin
from embedded_t5.goldens import make_goldens
from embedded_t5.material import Labelled
from embedded_t5.mixture import learn_prompts
from embedded_t5.prepare import prepare, read_labelled, write_rows
from embedded_t5.prompts import short_prompt
from embedded_t5.run import Run, read_json, seed_everything, write_json
from embedded_t5.scoring import label_scores
from embedded_t5.t5 import load_model, new_model
from embedded_t5.tokenizer import END, load_tokenizer, make_tokenizer


@pytest.fixture
def tuned(run: Run) -> Run:
    """A run with a random base and two adapters, tuned for a few steps on labels given by chance."""
    vocabulary = replace(run.config.vocabulary, pieces=100)
    prompts = replace(run.config.prompts, steps=0, start="base")
    run = replace(run, config=replace(run.config, vocabulary=vocabulary, prompts=prompts))
    prepare(run)
    make_tokenizer(run)
    seed_everything(1)
    new_model(run.config.model, 108).save_pretrained(run.material.root / "base")
    learn_prompts(run)
    (run.folder("teacher") / "soft.txt").write_text("bank rises\nbank falls", "utf8")
    numpy.save(run.folder("teacher") / "soft.npy", numpy.full((2, 3), 1 / 3, numpy.float16))
    tune_finance(run, 2)
    return run


def test_from_tuning_to_a_published_folder(tuned: Run) -> None:
    export(tuned)
    make_goldens(tuned)
    write_card(tuned)
    folder = tuned.published()
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "README.md",
        "adapter-finance",
        "config.json",
        "generation_config.json",
        "golden.json",
        "model.safetensors",
        "probes.json",
        "special_tokens_map.json",
        "task.json",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert "taken over unchanged from `base`" in (folder / "README.md").read_text("utf8")
    tensors = load_file(folder / "model.safetensors")
    assert "shared.weight" in tensors
    assert "lm_head.weight" not in tensors
    assert {value.dtype for value in tensors.values()} == {torch.float32}
    adapter = load_file(folder / ADAPTER / "adapter_model.safetensors")
    assert "base_model.model.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight" in adapter
    assert read_json(folder / ADAPTER / "adapter_config.json")["peft_type"] == "LORA"
    reports = read_json(tuned.out / "finance.json")["seeds"]
    assert [report["seed"] for report in reports] == [tuned.config.seed, tuned.config.seed + 1]
    record = read_json(tuned.out / "finance.json")
    kept = tuned.folder(f"finance/{record['published']}") / "adapter/adapter_model.safetensors"
    assert (folder / ADAPTER / "adapter_model.safetensors").read_bytes() == kept.read_bytes()
    assert ("the mean of 2" in (folder / "README.md").read_text("utf8")) == (record["published"] == "mean")

    golden = read_json(folder / "golden.json")
    assert len(golden["scoring"]) == 60
    assert len(golden["tokenization"]) == 25
    case = golden["scoring"][0]
    scores = label_scores(tuned, load_model(folder), load_tokenizer(folder), [case["prompt"]], case["labels"])
    assert scores[0].tolist() == pytest.approx(case["base"]["labelTokenLogProbSum"], abs=1e-4)


def test_tuning_again_changes_nothing(tuned: Run) -> None:
    adapter = tuned.folder("finance/seed-0") / "adapter/adapter_model.safetensors"
    before = adapter.read_bytes()
    tune_finance(tuned, 1)
    assert adapter.read_bytes() == before


def test_the_mean_of_two_tunings_is_halfway_between_them(tuned: Run) -> None:
    run = replace(tuned, config=replace(tuned.config, finance=replace(tuned.config.finance, rank=32)))
    lower, upper = load_model(base_folder(run)), load_model(base_folder(run))
    for _, linear in projections(upper):
        linear.weight.data += 0.2 * torch.randn_like(linear.weight)
    held = read_labelled(run.folder("texts") / "tfsn_held.jsonl")
    report = mean_adapter(run, [lower, upper], load_tokenizer(run.folder("tokenizer")), held)
    assert report["svdEnergy"] == pytest.approx(1)
    adapted = PeftModel.from_pretrained(load_model(base_folder(run)), run.folder("finance/mean") / "adapter")
    found = dict(projections(adapted.merge_and_unload()))
    for (name, low), (_, high) in zip(projections(lower), projections(upper), strict=True):
        assert torch.allclose(found[name].weight, (low.weight + high.weight) / 2, atol=1e-5)


def test_a_start_without_an_adapter_is_refused(tuned: Run) -> None:
    run = replace(tuned, config=replace(tuned.config, finance=replace(tuned.config.finance, start="nowhere")))
    with pytest.raises(SystemExit, match=r"no adapter_config\.json"):
        begin(run)


def test_a_tuning_can_begin_with_the_change_of_an_earlier_adapter_made_for_another_base(tuned: Run) -> None:
    earlier = tuned.material.root / "earlier"
    shutil.copytree(tuned.folder("finance/seed-1") / "adapter", earlier / "finance/seed-1/adapter")
    shutil.copy(tuned.out / "finance.json", earlier / "finance.json")
    old, new = load_model(base_folder(tuned)), load_model(base_folder(tuned))
    change = PeftModel.from_pretrained(
        load_model(base_folder(tuned)), earlier / "finance/seed-1/adapter"
    ).merge_and_unload()
    for _, linear in projections(new):
        linear.weight.data += 0.2 * torch.randn_like(linear.weight)
    new.save_pretrained(base_folder(tuned))
    shutil.rmtree(tuned.out / "finance")
    untrained = replace(tuned.config.finance, start="earlier/finance/seed-1/adapter", steps=0, polish_steps=0, rank=32)
    run = replace(tuned, config=replace(tuned.config, finance=untrained))
    tune_finance(run, 1)
    adapted = PeftModel.from_pretrained(load_model(base_folder(run)), adapter_folder(run)).merge_and_unload()
    weights = [dict(projections(model)) for model in (adapted, new, change, old)]
    for name in weights[0]:
        found, base, changed, before = (each[name].weight for each in weights)
        assert torch.allclose(found - base, changed - before, atol=1e-5)
        assert not torch.allclose(changed, before, atol=1e-5)
    assert read_json(run.out / "finance.json")["before"] == read_json(earlier / "finance.json")


def test_batches_leave_out_tokens_and_never_what_asks(tuned: Run) -> None:
    rows = finance_rows(tuned, load_tokenizer(tuned.folder("tokenizer")))
    ask = rows.ids[0][-rows.asked :]

    def drawn(left_out: float) -> list[list[int]]:
        finance = replace(tuned.config.finance, left_out=left_out)
        run = replace(tuned, config=replace(tuned.config, finance=finance))
        batches = pools(run, rows)(random.Random(1), 0)
        return [[int(one) for one in ids if one] for batch, _ in batches for ids in batch]

    assert all(ids[-rows.asked :] == ask for ids in drawn(0.5))
    assert sum(map(len, drawn(0.5))) < 0.8 * sum(map(len, drawn(0.0)))
    assert {tuple(ids) for ids in drawn(0.0)} <= {tuple(ids) for ids in rows.ids}


def test_of_a_text_a_share_is_left_out_but_never_what_asks() -> None:
    ids = list(range(1000))
    thinned = [thin(ids, 3, 0.1, random.Random(seed)) for seed in (1, 2)]
    assert all(some[-3:] == [997, 998, 999] and some == sorted(some) for some in thinned)
    assert all(len(some) == pytest.approx(900, abs=30) for some in thinned)
    assert thinned[0] != thinned[1]
    assert thin(ids, 3, 0.0, random.Random(1)) == ids
    assert thin([5, 7, 8, 9], 3, 0.99, random.Random(1)) == [5, 7, 8, 9]


def test_every_prompt_ends_with_the_ids_that_ask(tuned: Run) -> None:
    rows = finance_rows(tuned, load_tokenizer(tuned.folder("tokenizer")))
    assert len({tuple(ids[-rows.asked :]) for ids in rows.ids}) == 1
    assert len({tuple(ids[-rows.asked - 1 :]) for ids in rows.ids}) > 1


def report(accuracy: float, kept: str = "svd") -> dict[str, object]:
    other = {"accuracy": 0.1, "macroF1": 0.1, "rows": 950}
    return {"heldOut": {"svd": other, "polished": other, kept: {**other, "accuracy": accuracy}}, "kept": kept}


def test_the_mean_is_published_unless_the_first_seed_is_better() -> None:
    assert better(report(0.7), report(0.71)) == "mean"
    assert better(report(0.71, "polished"), report(0.7)) == "seed-0"
    assert better(report(0.7), report(0.7)) == "mean"
    assert better(report(0.7), None) == "seed-0"


def test_a_last_tuning_learns_from_the_held_out_rows_and_is_not_judged_by_them(tuned: Run) -> None:
    shutil.rmtree(tuned.folder("finance"))
    finance = replace(tuned.config.finance, held_out_too=True, polish_steps=0)
    run = replace(tuned, config=replace(tuned.config, finance=finance))
    tune_finance(run, 2)
    record, texts = read_json(run.out / "finance.json"), run.folder("texts")
    held = read_labelled(texts / "tfsn_held.jsonl")
    assert record["rows"]["gold"] == len(read_labelled(texts / "tfsn_tune.jsonl")) + len(held)
    assert [set(one["heldOut"].values()) for one in [*record["seeds"], record["mean"]]] == [{None}] * 3
    assert record["published"] == "mean"
    export(run)
    found = adapters(run, load_tokenizer(run.folder("tokenizer")), {"heldOut": held, "tfsnValid": held})
    assert found["heldOut"] == {}
    assert found["tfsnValid"]["adapter"]["rows"] == len(held)
    results = {**found, "sst2Dev": {"accuracy": 0.5}, "spanFilling": {}}
    write_json(run.out / "evaluation.json", {"final": True, "results": results})
    write_card(run)
    card = (run.published() / "README.md").read_text("utf8")
    assert "held out for every choice, and learned from in the adapter's last tuning" in card
    assert "| adapter, mean ± deviation over seeds | – | ." in card


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


def test_an_export_before_the_adapter_is_there_is_refused(tuned: Run) -> None:
    shutil.rmtree(tuned.out / "finance/adapter")
    with pytest.raises(SystemExit, match="run finance to its end"):
        export(tuned)


def test_demonstrations_take_labels_by_turns() -> None:
    rows = [Labelled(f"text {number}", number % 3) for number in range(30)]
    shown = demonstrations(rows, random.Random(1))
    assert sorted(label for _, label in shown) == ["negative", "negative", "neutral", "positive", "positive"]


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


def test_annotated_rows_are_tuned_on_as_they_are_labelled(tuned: Run) -> None:
    annotated = [Labelled("oil price rises", 1), Labelled("bank warns", 0)]
    write_rows(tuned.folder("texts") / "annotated.jsonl", annotated)
    tokenizer = load_tokenizer(tuned.folder("tokenizer"))
    rows = finance_rows(tuned, tokenizer)
    places = rows.kinds["annotated"]
    assert rows.targets[places.start : places.stop].argmax(1).tolist() == [1, 0]
    prompts = [short_prompt(row.text) for row in annotated]
    expected = tokenizer(prompts, add_special_tokens=False)["input_ids"]
    assert [rows.ids[place] for place in places] == [[*ids, END] for ids in expected]
    assert sum(len(of) for of in rows.kinds.values()) == len(rows.ids) == len(rows.targets)
    assert rows.kinds["soft"].stop == len(rows.ids)


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
    assert "sentences of film reviews\nof a large language model, Claude (1,234 labelled; the" in text
    assert "none of their texts was shown to it" in text
    assert "Claude (1,234 labelled, 567 written; the" in said({"verdict": 1234, "critic": 567})
    assert "film reviews\nof a large language model" not in said({"review": 1234})
