"""Stage `prepare`: read the material, remove what overlaps with the test sets, hold rows out, write the texts."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from embedded_t5.annotations import (
    FINANCE,
    REVIEWS,
    WRITTEN_FINANCE,
    WRITTEN_REVIEWS,
    read_annotations,
    read_written,
    text_hash,
)
from embedded_t5.config import Texts
from embedded_t5.material import NEUTRAL, Labelled, Material, sentences
from embedded_t5.normalise import overlap_key
from embedded_t5.run import Run, write_json
from embedded_t5.variants import variants

# Earnings calls are long and speak of no news: their sentences are capped and get no soft labels.
CALLS = frozenset({"maec", "ectsum"})
# A key of fewer characters is a phrase such as "good" that any text may share.
SHORTEST_KEY = 12
# A key of at least so many is also looked for within longer texts: a row of MR often holds two sentences of SST.
WITHIN = 25
# Sentences of an encyclopedia, and as many of earnings calls, that span filling is measured on.
SPAN_SENTENCES = 100
# Characters of a sentence of a review.
SENTENCE = (20, 160)
# And of a review that the teacher is tuned on; longer ones would take half of the tokens.
LONGEST_REVIEW = 200


@dataclass(frozen=True)
class TaskRow:
    """One labelled text of the prompt mixture; `task` names an entry of `prompts.TASKS`. Where a teacher labelled it,
    `probabilities` [labels] sum to 1 up to rounding, and `label` is the most probable."""

    text: str
    label: int
    task: str
    probabilities: Sequence[float] = ()


class Overlap:
    """Drops texts that equal or contain one of a test set or of the held-out rows, and counts them by source."""

    def __init__(self, forbidden: Iterable[str]) -> None:
        self.keys: set[str] = set()
        self.by_beginning: dict[str, list[str]] = {}
        self.read: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.forbid(forbidden)

    def forbid(self, texts: Iterable[str]) -> None:
        """From now on these as well."""
        for key in {overlap_key(text) for text in texts} - self.keys:
            self.keys.add(key)
            if len(key) >= WITHIN:
                self.by_beginning.setdefault(key[:WITHIN], []).append(key)

    def forbids(self, source: str, text: str) -> bool:
        """Whether this text of `source` must not be trained on; counts it either way."""
        self.read[source] += 1
        found = self.holds(overlap_key(text))
        self.dropped[source] += found
        return found

    def holds(self, key: str) -> bool:
        """Whether it is a forbidden key, or a longer one stands in it."""
        return key in self.keys or any(
            key.startswith(inner, start)
            for start in range(len(key) - WITHIN + 1)
            for inner in self.by_beginning.get(key[start : start + WITHIN], ())
        )

    def keep(self, source: str, rows: Iterable[Labelled]) -> list[Labelled]:
        """The rows that may be trained on."""
        return [row for row in rows if not self.forbids(source, row.text)]


def split_tfsn(rows: Sequence[Labelled], tests: set[str], texts: Texts) -> tuple[list[Labelled], list[Labelled]]:
    """Tuning rows and held-out rows of TFSN train; neither holds a text whose key is in `tests`."""
    shuffled = list(rows)
    random.Random(texts.seed).shuffle(shuffled)
    clean = [row for row in shuffled if overlap_key(row.text) not in tests]
    return clean[texts.held_out :], clean[: texts.held_out]


def prepare(run: Run) -> None:
    """Write `texts/`: labelled rows as JSON lines, plain texts by line, and `overlap.json` with the counts."""
    material, texts, folder = run.material, run.config.texts, run.folder("texts")
    tests = [row.text for row in material.tfsn("valid") + material.fpb()]
    finance_keys = {overlap_key(text) for text in tests}
    train = material.tfsn("train")
    tune, drawn = split_tfsn(train, finance_keys, texts)
    dev = [row.text for row in material.sst2("dev") if len(overlap_key(row.text)) >= SHORTEST_KEY]
    overlap = Overlap([*tests, *dev])
    held = [row for row in drawn if not overlap.holds(overlap_key(row.text))]
    overlap.forbid(row.text for row in drawn)
    tune = [row for row in tune if not overlap.holds(overlap_key(row.text))]
    overlap.read["TFSN train"] = len(train)
    overlap.dropped["TFSN train"] = len(train) - len(held) - len(tune)

    rng = random.Random(texts.seed + 1)
    finance, calls = finance_texts(material, overlap, texts, rng)
    annotated = annotated_rows(finance + calls, read_annotations(FINANCE))
    calls = calls[: texts.call_sentences]
    span_held, facts, parts = general_texts(material, overlap, texts, rng)
    general = facts + parts
    rng.shuffle(general)
    reviews = review_sentences(material, overlap, texts)
    write_rows(folder / "tfsn_tune.jsonl", tune[: texts.lines_read])
    write_rows(folder / "tfsn_held.jsonl", held)
    write_rows(folder / "annotated.jsonl", annotated)
    written = overlap.keep("written finance texts", read_written(WRITTEN_FINANCE)[: texts.lines_read])
    write_rows(folder / "written.jsonl", written)
    tasks = task_rows(material, overlap, facts[-len(general) // 6 :], texts, rng)
    subj = [row.text for row in tasks if row.task == "subjectivity"]
    critics = written_reviews(overlap, texts)
    critics_held, critics = critics[: texts.critics_held_out], critics[texts.critics_held_out :]
    write_rows(folder / "critics_held.jsonl", critics_held)
    overlap.forbid(row.text for row in critics_held)
    learned = tasks + annotated_reviews(reviews + subj) + [TaskRow(*row, "critic") for row in critics]
    write_rows(folder / "tasks.jsonl", learned)
    varied = varied_reviews(learned, reviews, overlap, texts)
    (folder / "variants.txt").write_text("\n".join(varied), "utf8")
    (folder / "finance.txt").write_text("\n".join(finance), "utf8")
    (folder / "span_held.txt").write_text("\n".join(span_held + calls[:SPAN_SENTENCES]), "utf8")
    (folder / "mixed.txt").write_text("\n".join(mixed(finance, calls[SPAN_SENTENCES:], general, texts, rng)), "utf8")
    (folder / "reviews.txt").write_text("\n".join(reviews), "utf8")
    write_json(
        folder / "overlap.json",
        {
            "about": "Texts dropped because, without links, punctuation, case and spacing, they equal a text of "
            f"TFSN valid, FPB 50Agree, SST-2 dev or the held-out rows, or hold one of {WITHIN} characters or more.",
            "read": dict(overlap.read),
            "dropped": dict(overlap.dropped),
            "tfsnTrainEqualToTests": sum(overlap_key(row.text) in finance_keys for row in train),
            "heldOut": len(held),
        },
    )
    print(f"prepare: {len(finance)} finance texts, {len(general)} general, dropped {dict(overlap.dropped)}")


def finance_texts(
    material: Material, overlap: Overlap, texts: Texts, rng: random.Random
) -> tuple[list[str], list[str]]:
    """Headlines, tweets and reports; and sentences of earnings calls. Shuffled, without repetitions."""
    news: dict[str, None] = {}
    calls: dict[str, None] = {}
    for source, text in islice(material.finance(), texts.lines_read):
        if 12 < len(text) < 400 and not overlap.forbids(f"finance texts, {source}", text):
            (calls if source in CALLS else news)[text] = None
    news_list, call_list = list(news), list(calls)
    rng.shuffle(news_list)
    rng.shuffle(call_list)
    return news_list, call_list


def annotated_rows(texts: Iterable[str], labels: Mapping[str, int]) -> list[Labelled]:
    """Those of the texts whose hash has one of the `labels`."""
    return [Labelled(text, labels[key]) for text in texts if (key := text_hash(text)) in labels]


def general_texts(
    material: Material, overlap: Overlap, texts: Texts, rng: random.Random
) -> tuple[list[str], list[str], list[str]]:
    """Sentences of an encyclopedia that are held out for span filling, the same whatever the budget; more of them,
    shuffled; and a few of each film review."""
    paragraphs = islice(material.encyclopedia(), texts.lines_read)
    facts = list(dict.fromkeys(part for paragraph in paragraphs for part in sentences(paragraph, 25, 180)))
    random.Random(texts.seed + 3).shuffle(facts)
    held, facts = facts[:SPAN_SENTENCES], facts[SPAN_SENTENCES : texts.general_sentences]
    parts: list[str] = []
    for row in material.imdb():
        found = sentences(row.text, *SENTENCE)
        parts += rng.sample(found, min(4, len(found)))
        if len(parts) >= texts.review_sentences:
            break
    facts, parts = (
        [text for text in some if not overlap.forbids("wikipedia and imdb sentences", text)] for some in (facts, parts)
    )
    return held, facts, parts


def review_sentences(material: Material, overlap: Overlap, texts: Texts) -> list[str]:
    """All sentences of film reviews, shuffled, without repetitions."""
    reviews = [row.text for row in islice(material.imdb(), texts.lines_read)]
    found = dict.fromkeys(part for text in reviews for part in sentences(text, *SENTENCE))
    kept = [text for text in found if not overlap.forbids("imdb sentences", text)]
    random.Random(texts.seed + 2).shuffle(kept)
    return kept


def annotated_reviews(sentences: Iterable[str]) -> list[TaskRow]:
    """Annotated sentences of film reviews: those that are not neutral as verdicts, all as opinions."""
    rows = annotated_rows(sentences, read_annotations(REVIEWS))
    verdicts = [TaskRow(row.text, row.label, "verdict") for row in rows if row.label != NEUTRAL]
    return verdicts + [TaskRow(row.text, row.label, "opinion") for row in rows]


def written_reviews(overlap: Overlap, texts: Texts) -> list[Labelled]:
    """Sentences such as critics write, written by a language model."""
    return overlap.keep("written sentences", read_written(WRITTEN_REVIEWS)[: texts.lines_read])


def varied_reviews(rows: Iterable[TaskRow], sentences: Sequence[str], overlap: Overlap, texts: Texts) -> list[str]:
    """Variants of short reviews that people labelled, with words of the sentences too."""
    short = [row.text for row in rows if row.task == "review" and len(row.text) < LONGEST_REVIEW]
    originals = list(dict.fromkeys(short))
    made = variants(originals, [*originals, *sentences], texts.variants, random.Random(texts.seed + 4))
    return [text for text in made if not overlap.forbids("variants of sentences", text)]


def mixed(finance: list[str], calls: list[str], general: list[str], texts: Texts, rng: random.Random) -> list[str]:
    """The texts whose teacher embeddings are learned and which have spans to fill: finance has its share of the budget,
    of the rest calls have at most a third."""
    chosen = finance[: round(texts.embedded * texts.finance_share)]
    rest = calls[: (texts.embedded - len(chosen)) // 3] + general
    rng.shuffle(rest)
    chosen += rest[: texts.embedded - len(chosen)]
    rng.shuffle(chosen)
    return chosen


def task_rows(
    material: Material, overlap: Overlap, neutral: Sequence[str], texts: Texts, rng: random.Random
) -> list[TaskRow]:
    """The labelled public sets of the prompt mixture, `neutral` being sentences that seldom hold an opinion."""
    sets = {
        "mr": ("review", material.sentconv("rt-polarity.all")),
        "cr": ("review", material.sentconv("custrev.all")),
        "mpqa": ("phrase", material.sentconv("mpqa.all")),
        "sst5": ("stars", material.sentconv("stsa.fine.train")),
        "subj": ("subjectivity", material.sentconv("subj.all")),
        "trec": ("question", material.sentconv("TREC.train.all")),
        "sst2": ("review", material.sst2("train")),
        "imdb": ("review", [Labelled(row.text[-260:], row.label) for row in islice(material.imdb(), texts.lines_read)]),
        "sentfin": ("news", material.sentfin()),
        "neutral": ("opinion", [Labelled(text, NEUTRAL) for text in neutral]),
    }
    rows: list[TaskRow] = []
    for source, (task, labelled) in sets.items():
        kept = overlap.keep(source, labelled[: texts.lines_read])
        rows += [TaskRow(row.text[:400], row.label, task) for row in kept]
        if task == "review":
            some = rng.sample(kept, min(len(kept), len(neutral) // 4))
            rows += [TaskRow(row.text[:400], row.label, "opinion") for row in some]
    rng.shuffle(rows)
    return rows


def write_rows(path: Path, rows: Iterable[Labelled | TaskRow]) -> None:
    """One JSON object by line; a kill leaves the old file."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf8") as file:
        for row in rows:
            values = asdict(row) if isinstance(row, TaskRow) else row._asdict()
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
    part.replace(path)


def read_labelled(path: Path) -> list[Labelled]:
    """The rows of `write_rows`, when they are plainly labelled."""
    if not path.exists():
        raise SystemExit(f"{path} is not there: run `prepare`.")
    with path.open(encoding="utf8") as file:
        return [Labelled(**json.loads(line)) for line in file]


def read_tasks(path: Path) -> list[TaskRow]:
    """The rows of the prompt mixture."""
    with path.open(encoding="utf8") as file:
        return [TaskRow(**json.loads(line)) for line in file]
