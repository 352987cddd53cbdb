"""The model card: what was recorded by the stages, in words and tables. Nothing in it is written by hand."""

from collections import Counter
from typing import Any

from safetensors import safe_open

from embedded_t5.run import Run, learned_held_out, read_json, sittings
from embedded_t5.t5 import FLOAT

# A stage that others went on from is told of with them.
TRAINING = ("opinions", "prompts", "teacher", "finance")
# The settings of a stage that bear another name.
TUNED_AS = {"opinions": "sentiment"}
SETS = {"heldOut": "TFSN train, held out", "tfsnValid": "TFSN valid", "fpb50Agree": "FPB 50Agree"}
ROWS = {
    "majority": "majority class",
    "bagOfWords": "TF-IDF + logistic regression",
    "base": "base, zero-shot",
    "baseFiveShot": "base, 5-shot",
    "baseFiveSimilar": "base, 5-shot, most similar",
    "adapter": "base + adapter-finance",
}
DATA = """\
Texts: sentences of earnings calls (MAEC; ECTSum, GPL-3.0) and their Reuters summaries, Reuters-21578 (its terms: research,
attribution), stocknet tweets (MIT), headlines of Reuters, the Guardian and CNBC, stock news and analyst ratings (no licence
stated), SEntFiN (MIT), Wikipedia (CC BY-SA 3.0), IMDB reviews (none stated). Labels: TFSN (MIT), SEntFiN (MIT), MR, CR, Subj
(CC BY 4.0), SST-2, SST-5, MPQA, TREC, IMDB (none stated). Teacher: all-MiniLM-L6-v2 (Apache-2.0)."""
HEAD = """\
# {name}

A small encoder-decoder transformer (T5 v1.1 architecture: gated GELU, RMSNorm, relative position buckets, tied vocabulary):
{millions:.1f}M parameters, d_model {d_model}, {num_layers} encoder and {num_decoder_layers} decoder layers, vocabulary {vocabulary}
(lower-case, SentencePiece unigram). English only. Weights: Apache-2.0. Made with `recipes/embedded-t5`.

**Base**: {base}

**adapter-finance** (LoRA, rank {rank}, every projection): a full tuning of the projections{mean}, the truncated SVD of the change
({energy:.1%} of its energy){polish}. TFSN train and SEntFiN with their labels{annotated}{soft}.{tuned_before} No row of TFSN
valid or of Financial PhraseBank was used in any way.{seen}

## Data

{data}

Training texts that equal or hold a text of TFSN valid, FPB, SST-2 dev or the held-out rows, links and punctuation aside, were
removed: {dropped}. {held} rows of TFSN train{critics} were held out for every choice{too}.

## Training

"""
TRAINED = """\
trained to reproduce the sentence embeddings{words} of all-MiniLM-L6-v2 on finance and general sentences{spans}, and to answer short
prompts, with 0 to 5 demonstrations, over public classification sets and over texts with soft labels of a teacher
tuned on SEntFiN and film reviews and averaged with a bag of words.{variants}{reviews}{seeds} No TFSN label is among its training targets. Settings were chosen on the held-out rows, among them
by how much the log-odds of neutral are raised above SEntFiN's ({neutral}), so its figures on those rows are optimistic."""
SOFT = """and unlabelled
headlines and tweets with soft labels, the average of {members}"""
TUNED_BEFORE = """ A labelling classifier was tuned
before, on all of TFSN train: what the adapter reaches on the held-out rows is optimistic."""
OF_LANGUAGE_MODEL = """{texts}
of a large language model, Claude ({counts}; the recipe's `annotations/README.md`)"""
SEEN = """ The language model has read much of what is public, perhaps these
sets and SST-2 dev among it; none of their texts was shown to it for this but as a part of rows of TFSN train and MR."""
VARIANTS = " {count:,} of these texts are variants of sentences of reviews, made by replacing words."
BACK = " Its weights were then moved {share:.0%} of the way back to those that it went on from."
OF_BASE = " In the last training reviews have the mean of the teacher's labels and those of an earlier base, `{base}`."
OF_SEEDS = " This base is the mean of {count} trainings from the same weights."
CRITICS = " and {count} sentences of critics that a language model wrote"
HELD_OUT_TOO = "; after those choices the adapter's last tuning learned from them too"
TAKEN_OVER = """\
taken over unchanged from `{start}`, whose own card says how it was trained and on what; this recipe trained the
adapter alone. What is said below of texts and their removal holds for the adapter."""
FOOT = """\

Not for trading decisions. Known weaknesses: sarcasm, numbers that must be compared, negation across clauses, other languages,
text longer than 128 tokens, label sets far from those in `task.json`.
"""


def write_card(run: Run) -> None:
    """Write `README.md` into the published folder. `finance` must have ended; other stages that have not run are left out."""
    finance = read_json(run.out / "finance.json")
    of_mean = finance["published"] == "mean"
    adapter = finance["mean"] if of_mean else finance["seeds"][0]
    overlap = read_json(run.folder("texts") / "overlap.json")
    teachers = soft_teachers(finance)
    learned_from = most(run, "finance", "rows")
    kinds = {"labelled": learned_from.get("annotated", 0), "written": learned_from.get("written", 0)}
    taught = of_language_model("finance texts", kinds)
    dropped = ", ".join(f"{count} of {source}" for source, count in overlap["dropped"].items() if count)
    shape = run.config.model
    text = HEAD.format(
        name=shape.name,
        base=base(run),
        millions=parameters(run) / 1e6,
        d_model=shape.d_model,
        num_layers=shape.num_layers,
        num_decoder_layers=shape.num_decoder_layers,
        vocabulary=run.config.vocabulary.pieces + run.config.vocabulary.sentinels,
        rank=run.config.finance.rank,
        mean=f" (the mean of {len(finance['seeds'])} with different seeds)" if of_mean else "",
        energy=adapter["svdEnergy"],
        annotated=f", {taught}" if taught else "",
        soft=f", {soft_clause(teachers[-1])}" if teachers else "",
        tuned_before=TUNED_BEFORE if any(teacher["classifier"] for teacher in teachers) else "",
        seen=SEEN if taught or judged_reviews(run) or any(map(is_taught, teachers)) else "",
        polish=", then a polish of the adapter itself" if adapter["kept"] == "polished" else "",
        data=DATA,
        dropped=dropped or "none",
        held=overlap["heldOut"],
        too=HELD_OUT_TOO if learned_held_out(finance) else "",
        critics=critics_held_out(run),
    )
    (run.published() / "README.md").write_text(text + training(run) + measured(run) + FOOT, "utf8")


def soft_teachers(finance: dict[str, Any]) -> list[dict[str, Any]]:
    """The settings of the teachers whose soft labels were learned from, in that tuning and those it went on from."""
    configs = [record["config"] for record in sittings(finance)]
    return [config["teacher"] for config in configs if config["finance"]["soft"]]


def soft_clause(teacher: dict[str, Any]) -> str:
    """The texts with soft labels, and what gave these."""
    tuned = "a tuned all-MiniLM-L6-v2" + ", which learned from the language model too," * is_taught(teacher)
    return SOFT.format(members=f"{tuned} and {'an earlier adapter with ' * bool(teacher.get('adapter'))}a bag of words")


def is_taught(teacher: dict[str, Any]) -> bool:
    """Whether the teacher learned from a language model."""
    return bool(teacher.get("annotated")) and not teacher["classifier"]


def base(run: Run) -> str:
    """Where the base comes from."""
    phase = run.config.prompts
    if phase.start and phase.steps == 0:
        return TAKEN_OVER.format(start=phase.start)
    spans = ", to fill spans" if learned(run, "span") else ""
    words = " and the states of words" if learned(run, "word") else ""
    reviews = judged_reviews(run)
    seeds = (run.recorded("prompts") or {}).get("seeds", [])
    return TRAINED.format(
        spans=spans,
        words=words,
        variants=variants(run),
        seeds=(OF_SEEDS.format(count=len(seeds)) if len(seeds) > 1 else "")
        + (BACK.format(share=phase.start_share) if phase.start_share else ""),
        reviews=f" This base learned from {reviews}." if reviews else "",
        neutral=run.config.opinions.neutral,
    )


def variants(run: Run) -> str:
    """How many variants of reviews were labelled softly, and whether an earlier base had a say in the labels of reviews."""
    record = run.recorded("opinions") or {}
    count, labeller = record.get("variants", 0), record.get("config", {}).get("opinions", {}).get("base")
    labelled = count or record.get("reviews")
    return VARIANTS.format(count=count) * bool(count) + OF_BASE.format(base=labeller) * bool(labeller and labelled)


def critics_held_out(run: Run) -> str:
    """The sentences beside TFSN's rows that the base was judged by, where it was trained here."""
    scores = (run.recorded("prompts") or {}).get("criticsHeldOut")
    return CRITICS.format(count=scores["rows"]) if scores and run.config.prompts.steps else ""


def judged_reviews(run: Run) -> str:
    """What the base learned from a language model. Its neutral labels are recorded with those of people."""
    rows = most(run, "prompts", "tasks")
    kinds = {"labelled positive or negative": rows.get("verdict", 0), "written": rows.get("critic", 0)}
    return of_language_model("sentences of film reviews", kinds)


def of_language_model(texts: str, kinds: dict[str, int]) -> str:
    """How many rows there are of each kind; nothing where there are none."""
    counts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
    return OF_LANGUAGE_MODEL.format(texts=texts, counts=counts) if counts else ""


def learned(run: Run, loss: str) -> bool:
    """Whether a loss of the mixture had a weight in any of the trainings that the base went through."""
    phases = [record["config"].get(record.get("stage", "prompts"), {}) for record in sittings(run.recorded("prompts"))]
    return any(phase.get(loss, 0) > 0 and phase["steps"] > 0 for phase in phases)


def most(run: Run, stage: str, counts: str) -> dict[str, int]:
    """The most rows of each kind that a stage, or one whose weights it went on from, recorded as its `counts`."""
    found: Counter[str] = Counter()
    for record in sittings(run.recorded(stage)):
        found |= Counter(record.get(counts, {}))
    return found


def training(run: Run) -> str:
    """Time, device and command of each stage."""
    lines = ["| stage | seconds | device | command |", "|---|---|---|---|"]
    starts = []
    for stage in TRAINING:
        if stage == "teacher" and not run.config.finance.soft:
            continue
        for record in sittings(run.recorded(stage)):
            seconds = record["seconds"] if "seconds" in record else sum(one["seconds"] for one in record["seeds"])
            name = record.get("stage", stage)
            command = f"`python -m embedded_t5 {name} {' '.join(record['options'])} --out runs/{record.get('run', run.out.name)}`"
            lines.append(f"| {name} | {seconds} | {record['device']}, {record['threads']} threads | {command} |")
            phase = record["config"].get(TUNED_AS.get(name, name), {})
            if phase.get("start") and phase["steps"]:
                what = "change of the adapter" if name == "finance" else "weights of"
                soft = name != "finance" or soft_teachers(record.get("before") or {})
                own = "; that training had a teacher and soft labels of its own" if soft else ""
                starts.append(f"`{name}` went on from the {what} `{phase['start']}`{own}.")
    return "\n".join([*lines, "", *starts]) + "\n"


def measured(run: Run) -> str:
    """The figures of `evaluation.json`."""
    record = run.recorded("evaluation")
    if record is None:
        return ""
    results = record["results"]
    sets = [name for name in SETS if name in results]
    lines = [
        "\n## Measured\n",
        f"With the reference implementation in fp32, `python -m embedded_t5 evaluate{' --final' * record['final']}`; "
        "accuracy / macro-F1.\n",
        "| | " + " | ".join(SETS[name] for name in sets) + " |",
        "|---" * (len(sets) + 1) + "|",
    ]
    for key, label in ROWS.items():
        lines.append(f"| {label} | " + " | ".join(pair(results[name].get(key)) for name in sets) + " |")
    if any("seeds" in results[name] for name in sets):
        cells = " | ".join(deviations(results[name].get("seeds")) for name in sets)
        lines.append(f"| adapter, mean ± deviation over seeds | {cells} |")
    lines.append(
        f"\nSST-2 dev, base: {decimal(results['sst2Dev']['accuracy'])}. {span_words(run, results['spanFilling'])}"
    )
    return "\n".join(lines) + "\n"


def span_words(run: Run, spans: dict[str, Any]) -> str:
    """How well masked words are filled in."""
    if not learned(run, "span"):
        return "The model was not trained to fill spans."
    return (
        f"One masked word in {spans['sentences']} held-out sentences: the very word in {spans['exact']:.0%}, close to it in "
        f'the teacher\'s eyes in {spans["close"]:.0%} (at most half as far off as the word "the").'
    )


def parameters(run: Run) -> int:
    """How many numbers `model.safetensors` holds."""
    count = 0
    with safe_open(run.published() / FLOAT, "pt") as file:
        for name in file.keys():  # noqa: SIM118 - no mapping
            size = 1
            for side in file.get_slice(name).get_shape():
                size *= side
            count += size
    return count


def pair(scores: dict[str, Any] | None) -> str:
    """Accuracy / macro-F1."""
    return f"{decimal(scores['accuracy'])} / {decimal(scores['macroF1'])}" if scores else "–"


def deviations(seeds: dict[str, Any] | None) -> str:
    """Mean ± deviation of both."""
    if not seeds:
        return "–"
    both = (seeds["accuracy"], seeds["macroF1"])
    return " / ".join(f"{decimal(one['mean'])} ± {decimal(one['deviation'])}" for one in both)


def decimal(value: float) -> str:
    """Three decimals without the leading zero."""
    return f"{value:.3f}".removeprefix("0")
