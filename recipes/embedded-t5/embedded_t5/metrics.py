"""Accuracy and macro-F1, as the project reports them."""

from collections.abc import Sequence
from typing import TypedDict

from sklearn.metrics import accuracy_score, f1_score


class Scores(TypedDict):
    """Shares of 1, four decimals, and the number of rows."""

    accuracy: float
    macroF1: float
    rows: int


def score(gold: Sequence[int], predicted: Sequence[int]) -> Scores:
    """Accuracy and the unweighted mean of the F1 of every label in `gold`; a label never predicted counts 0."""
    labels = sorted(set(gold))
    return {
        "accuracy": round(float(accuracy_score(gold, predicted)), 4),
        "macroF1": round(float(f1_score(gold, predicted, labels=labels, average="macro", zero_division=0)), 4),
        "rows": len(gold),
    }
