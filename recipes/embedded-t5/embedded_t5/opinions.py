"""Stage `opinions`: soft labels for finance texts from a teacher that has seen no label of TFSN, for the base.

SEntFiN's headlines alone teach the base little about tweets. The teacher's sentence embeddings under a logistic
regression carry them further, and averaged with a bag of words further still. Headlines are less often neutral than
tweets and wires: neutral's log-odds are raised by a number chosen on the held-out rows.
"""

import time

import numpy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from embedded_t5.floors import bag_of_words, probabilities
from embedded_t5.material import SENTIMENTS
from embedded_t5.metrics import score
from embedded_t5.prepare import TaskRow, read_labelled, read_tasks, write_rows
from embedded_t5.run import Run, seed_everything
from embedded_t5.soft_labels import Probabilities, average, headline_rows
from embedded_t5.table import embedded_texts, read_embeddings
from embedded_t5.teacher import SentenceEncoder, outputs

NEUTRAL = SENTIMENTS.index("neutral")
# Of embeddings of length 1. Chosen by hand.
INVERSE_REGULARISATION = 10.0
DIGITS = 3


def label_opinions(run: Run) -> None:
    """Write `opinions/rows.jsonl`: the finance texts that have an embedding, with a probability for each label."""
    started = time.monotonic()
    seed_everything(run.config.seed)
    headlines, encoder = headline_rows(run), SentenceEncoder().to(run.device)
    on_words = bag_of_words(headlines, run.config.seed)
    on_embeddings = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=500).fit(
        unit_vectors(outputs(run, encoder, [row.text for row in headlines])), [row.label for row in headlines]
    )

    def classify(texts: list[str], vectors: NDArray[numpy.float32]) -> Probabilities:
        mean = average(on_embeddings.predict_proba(vectors), probabilities(on_words, texts))
        return raise_neutral(mean, run.config.opinions.neutral)

    held = read_labelled(run.folder("texts") / "tfsn_held.jsonl")
    held_texts = [row.text for row in held]
    found = classify(held_texts, unit_vectors(outputs(run, encoder, held_texts)))
    held_out = score([row.label for row in held], found.argmax(1).tolist())
    texts, vectors = finance_embeddings(run, {row.text for row in headlines})
    labelled = classify(texts, vectors)
    rows = [
        TaskRow(text, int(each.argmax()), "wire", rounded(each)) for text, each in zip(texts, labelled, strict=True)
    ]
    write_rows(run.folder("opinions") / "rows.jsonl", rows)
    report = {"texts": len(rows), "mean": rounded(labelled.mean(0)), "heldOut": held_out}
    run.record("opinions", {"seconds": round(time.monotonic() - started), **report})
    print(f"opinions: {report}")


def finance_embeddings(run: Run, learned: set[str]) -> tuple[list[str], NDArray[numpy.float32]]:
    """The finance texts among `embedded_texts`, without those `learned` with a label: they and their unit vectors
    [texts, WIDTH]."""
    finance = set((run.folder("texts") / "finance.txt").read_text("utf8").split("\n")) - learned
    texts = embedded_texts(run)
    chosen = [index for index, text in enumerate(texts) if text in finance]
    return [texts[index] for index in chosen], read_embeddings(run)[chosen].astype(numpy.float32)


def unit_vectors(rows: NDArray[numpy.float32]) -> NDArray[numpy.float32]:
    """Each row brought to length 1."""
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def rounded(values: NDArray[numpy.float32]) -> tuple[float, ...]:
    """With three decimals, as a file needs them."""
    return tuple(round(float(value), DIGITS) for value in values)


def raise_neutral(found: Probabilities, by: float) -> Probabilities:
    """Add `by` to neutral's log-odds: [texts, 3] to [texts, 3]."""
    raised = found.copy()
    raised[:, NEUTRAL] *= numpy.exp(by)
    return raised / raised.sum(1, keepdims=True)


def read_opinions(run: Run) -> list[TaskRow]:
    """The rows of this stage."""
    return read_tasks(run.folder("opinions") / "rows.jsonl")
