"""A run small enough for tests: a made-up material, a tiny vocabulary and model."""

import csv
import lzma
import random
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import torch

from embedded_t5 import prepare
from embedded_t5.annotations import WRITTEN_FINANCE
from embedded_t5.config import Config, load_config
from embedded_t5.finance import tune_finance
from embedded_t5.material import Labelled, Material
from embedded_t5.mixture import learn_prompts
from embedded_t5.run import Run, seed_everything
from embedded_t5.t5 import new_model
from embedded_t5.tokenizer import make_tokenizer

ROOT = Path(__file__).parent.parent
WORDS = (
    "negative positive neutral profit loss shares market bank report film plot good bad rises falls after outlook "
    "oil gold price target cut raised quarter year sales dividend growth warns beats misses deal merger board "
    "chief officer plant workers strike court fine tax bond yield rate dollar euro demand supply stock trade "
    "chart volume analyst upgrade"
).split()


@pytest.fixture(scope="session")
def config() -> Config:
    """The smoke setting with the smallest of shapes."""
    loaded = load_config(ROOT / "configs/nano.toml", "smoke")
    model = replace(loaded.model, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1)
    vocabulary = replace(loaded.vocabulary, pieces=60, sentinels=8, model="")
    texts = replace(loaded.texts, held_out=10, critics_held_out=1)
    return replace(loaded, model=model, vocabulary=vocabulary, texts=texts)


@pytest.fixture
def run(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run over a material of a few dozen lines."""
    written = [Labelled(f"a small , limpid marvel number {n} of tedium .", n % 2) for n in range(3)]
    finance = [Labelled("a bank cheers .", 1), Labelled("a bank sighs .", 0)]
    monkeypatch.setattr(prepare, "read_written", lambda path: finance if path == WRITTEN_FINANCE else written)
    material = tmp_path / "material"
    write_material(material)
    return Run(config, Material(material), tmp_path / "run", torch.device("cpu"))


@pytest.fixture
def tuned(run: Run) -> Run:
    """A run with a random base and two adapters, tuned for a few steps on labels given by chance."""
    vocabulary = replace(run.config.vocabulary, pieces=100)
    prompts = replace(run.config.prompts, steps=0, start="base")
    run = replace(run, config=replace(run.config, vocabulary=vocabulary, prompts=prompts))
    prepare.prepare(run)
    make_tokenizer(run)
    seed_everything(1)
    new_model(run.config.model, 108).save_pretrained(run.material.root / "base")
    learn_prompts(run)
    (run.folder("teacher") / "soft.txt").write_text("bank rises\nbank falls", "utf8")
    numpy.save(run.folder("teacher") / "soft.npy", numpy.full((2, 3), 1 / 3, numpy.float16))
    tune_finance(run, 2)
    return run


def write_material(root: Path) -> None:
    """Every file that the readers open; texts are numbered so that they differ."""
    for folder in ("data/tfsn", "data/fpb", "data/sentfin", "data/sentconv", "data/glue_sst2", "train"):
        (root / folder).mkdir(parents=True)
    valid = [(f"Valid news number {n} rises https://t.co/{n}", n % 3) for n in range(6)]
    train = [(f"Train news number {n} falls", n % 3) for n in range(40)]
    train += [("valid NEWS, number 1 rises!", 1), ("Phrase of the bank, number 2", 2)]
    write_csv(root / "data/tfsn/sent_valid.csv", ["text", "label"], valid)
    write_csv(root / "data/tfsn/sent_train.csv", ["text", "label"], train)
    phrases = [f"Phrase of the bank number {n} .@{('negative', 'positive', 'neutral')[n % 3]}" for n in range(6)]
    (root / "data/fpb/Sentences_50Agree.txt").write_text("\n".join(phrases), "latin-1")
    kinds = ("negative", "positive", "neutral")
    headlines = [(n, f"Headline number {n} of the market", f"{{'A': '{kinds[n % 3]}'}}", 5) for n in range(6)]
    headlines.append((7, "Two opinions", "{'A': 'neutral', 'B': 'positive'}", 2))
    write_csv(root / "data/sentfin/SEntFiN.csv", ["S No.", "Title", "Decisions", "Words"], headlines)
    for name in ("rt-polarity", "custrev", "mpqa", "stsa.fine.train", "subj", "TREC.train"):
        path = root / "data/sentconv" / (name if name.endswith("fine.train") else f"{name}.all")
        path.write_text("\n".join(f"{n % 2} {name} film number {n} is good" for n in range(8)), "latin-1")
    with (root / "data/sentconv/rt-polarity.all").open("a", encoding="latin-1") as file:
        file.write("\n1 a dev sentence of the film number 3 .")
    for split in ("train", "dev"):
        lines = ["label\tsentence"] + [f"{n % 2}\ta {split} sentence of the film number {n}" for n in range(8)]
        (root / f"data/glue_sst2/{split}.tsv").write_text("\n".join(lines) + "\n", "utf8")
    write_xz(
        root / "train/imdb_train.tsv.xz",
        ["label\trating\ttext"] + [f"1\t9\tA film number {n}, and a good plot." for n in range(8)],
    )
    rng = random.Random(1)
    news = [f"stocknet\tTweet number {n} of the bank {' '.join(rng.sample(WORDS, 12))}" for n in range(300)] + [
        "stocknet\tValid news number 2 rises"
    ]
    write_xz(
        root / "train/finance_texts.tsv.xz", news + [f"maec\tWe thank you for call number {n}." for n in range(20)]
    )
    write_xz(root / "train/enwiki.txt.xz", [f"The market number {n} is a place of many banks." for n in range(300)])


def write_csv(path: Path, head: list[str], rows: list[tuple[object, ...]]) -> None:
    """Head and rows."""
    with path.open("w", encoding="utf8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def write_xz(path: Path, lines: list[str]) -> None:
    """Lines, compressed."""
    with lzma.open(path, "wt", encoding="utf8") as file:
        file.write("\n".join(lines) + "\n")
