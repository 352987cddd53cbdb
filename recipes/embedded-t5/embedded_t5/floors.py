"""The floors that any model must clear: the majority class, and a bag of words."""

from collections import Counter
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from embedded_t5.material import Labelled


def majority(rows: Sequence[Labelled]) -> int:
    """The label that occurs most often."""
    return Counter(row.label for row in rows).most_common(1)[0][0]


def bag_of_words(rows: Sequence[Labelled], seed: int) -> Pipeline:
    """TF-IDF of words, pairs of words and parts of words, and a logistic regression with balanced classes: the
    strongest of six such models on the held-out rows."""
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        ),
        LogisticRegression(C=20, max_iter=300, class_weight="balanced", random_state=seed),
    )
    return model.fit([row.text for row in rows], [row.label for row in rows])


def probabilities(model: Pipeline, texts: Sequence[str]) -> NDArray[numpy.float32]:
    """[texts, labels]"""
    return model.predict_proba(list(texts)).astype(numpy.float32)
