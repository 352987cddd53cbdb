"""What a run is made of: the TOML file of a size, merged with that of a budget and with `--set section.key=value`."""

import tomllib
import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Shape:
    """The T5 v1.1 shape; names as in the reference implementation's `config.json`."""

    name: str
    d_model: int
    d_kv: int
    d_ff: int
    num_layers: int
    num_decoder_layers: int
    num_heads: int


@dataclass(frozen=True)
class Vocabulary:
    """`pieces` unigram pieces and then `sentinels`. An existing SentencePiece `model` is taken as it is."""

    pieces: int
    sentinels: int
    model: str
    training_lines: int


@dataclass(frozen=True)
class Texts:
    """How many texts of each kind are used, and the seed of every draw and of the held-out rows. Of a source at most
    `lines_read` are read; of the `embedded` ones finance has its share. Of the sentences of critics that a language
    model wrote some are held out to choose by; of the reviews that people labelled so many `variants` are made."""

    seed: int
    lines_read: int
    held_out: int
    call_sentences: int
    general_sentences: int
    review_sentences: int
    embedded: int
    finance_share: float
    labelled_softly: int
    variants: int
    critics_held_out: int


@dataclass(frozen=True)
class Tuning:
    """Tuning of the sentence encoder into a classifier."""

    steps: int
    tokens: int
    learning_rate: float
    head_learning_rate: float


@dataclass(frozen=True)
class Sentiment(Tuning):
    """The teacher of the base. It begins with the earlier one of the run folder `start`, if any."""

    start: str


@dataclass(frozen=True)
class Teacher(Tuning):
    """The teacher of the finance stage: so many `seeds` of it, averaged; or a `classifier` tuned before, a folder
    relative to the material. Its tuning learns from TFSN's rows `gold` times per epoch, and where `annotated` says
    so, from what a language model labelled and wrote. The earlier `adapter`, if any, labels softly beside it, on the
    base `adapter_base`, a folder relative to the material, or on the run's own."""

    seeds: int
    classifier: str
    gold: int
    annotated: bool
    adapter: str
    adapter_base: str


@dataclass(frozen=True)
class Opinions:
    """Soft labels for the base: for at most so many `finance` texts and sentences of film `reviews`; `neutral` is added
    to the log-odds of neutral in the former. Labels of reviews are the mean of the teacher's and those of the earlier
    `base`, if any, a folder relative to the material."""

    base: str
    neutral: float
    finance: int
    reviews: int


@dataclass(frozen=True)
class Phase:
    """One phase over the mixture. `embedding`, `word`, `span` and `prompt` weigh the losses; a weight of 0 leaves one
    out. `pool` texts at a time are sorted by length into batches of so many tokens."""

    steps: int
    embedding_tokens: int
    word_tokens: int
    span_tokens: int
    prompt_tokens: int
    pool: int
    learning_rate: float
    embedding: float
    word: float
    span: float
    prompt: float
    start: str


@dataclass(frozen=True)
class Prompts(Phase):
    """The last phase; of several `seeds` the mean of the weights is the base, after those at `start`, if any, got
    `start_share` of it back."""

    seeds: int
    start_share: float


@dataclass(frozen=True)
class Finance:
    """Full tuning of the projections, then an adapter of `rank`, then its polish. `gold`, `headlines`, `annotated`,
    `written` and `soft`: rows of each kind per pool; of each text a random share of tokens is `left_out`. Training
    begins with the change of the adapter `start`, where there is one. With `held_out_too` the held-out rows are learned
    from as well: for a last tuning, after every choice."""

    steps: int
    polish_steps: int
    tokens: int
    learning_rate: float
    polish_learning_rate: float
    rank: int
    dropout: float
    gold: int
    headlines: int
    annotated: int
    written: int
    soft: int
    smoothing: float
    left_out: float
    start: str
    held_out_too: bool


@dataclass(frozen=True)
class Config:
    """Everything that a run depends on, apart from the material and the machine."""

    seed: int
    checkpoint_every: int
    model: Shape
    vocabulary: Vocabulary
    texts: Texts
    sentiment: Sentiment
    opinions: Opinions
    teacher: Teacher
    pretrain: Phase
    prompts: Prompts
    finance: Finance


def load_config(path: Path, budget: str = "cores", overrides: typing.Sequence[str] = ()) -> Config:
    """Read `path` over the defaults, and over both the file of a budget other than that of a few cores; later layers
    win. An unknown or missing key is an error that names it."""
    layers = [path.parent / "defaults.toml", path]
    if budget != "cores":
        layers.append(path.parent / f"{budget}.toml")
    tree: dict[str, Any] = {}
    for layer in layers:
        _merge(tree, tomllib.loads(layer.read_text("utf8")))
    for text in overrides:
        _merge(tree, _override(text))
    return _build(Config, tree, "")


def _override(text: str) -> dict[str, Any]:
    """`a.b=3` as a tree; what is no TOML value counts as a string, so that paths need no quotes."""
    key, separator, value = text.partition("=")
    if not separator:
        raise SystemExit(f'--set "{text}" has no "=". Write section.key=value.')
    try:
        return tomllib.loads(f"{key}={value}")
    except tomllib.TOMLDecodeError:
        return tomllib.loads(f"{key}='{value}'")


def _merge(tree: dict[str, Any], layer: dict[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = value


def _build(kind: Any, tree: dict[str, Any], where: str) -> Any:
    """Make the dataclass `kind` from `tree`, checking names and types on the way."""
    types_by_name = typing.get_type_hints(kind)
    unknown = tree.keys() - types_by_name.keys()
    missing = types_by_name.keys() - tree.keys()
    if unknown or missing:
        raise SystemExit(f"The configuration{where} has unknown keys {sorted(unknown)} and lacks {sorted(missing)}.")
    values = {}
    for field in fields(kind):
        value, wanted = tree[field.name], types_by_name[field.name]
        if is_dataclass(wanted):
            value = _build(wanted, value, f" under {field.name}")
        elif wanted is float and isinstance(value, int):
            value = float(value)
        elif isinstance(wanted, type) and not isinstance(wanted, types.GenericAlias):
            if not isinstance(value, wanted):
                raise SystemExit(f"{field.name}{where} is {value!r}, but must be of type {wanted.__name__}.")
        values[field.name] = value
    return kind(**values)
