"""Stage `targets`: what the embedding table begins with, and the teacher's sentence embeddings to learn from.

A piece's start joins three vectors: the teacher's word embedding, the teacher run on the piece alone, and a
co-occurrence vector of the piece in our own texts. The last factorises shifted positive PMI, which is what skip-gram
with negative sampling does implicitly (Levy and Goldberg, NIPS 2014). PCA brings the three to d_model.
"""

import hashlib
import math
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.decomposition import PCA, TruncatedSVD

from embedded_t5.run import Progress, Run, seed_everything
from embedded_t5.teacher import WIDTH, SentenceEncoder, outputs, teacher_tokenizer
from embedded_t5.tokenizer import load_tokenizer

WINDOW = 4
NEGATIVE_SAMPLES = 5
COUNTED_TEXTS = 200_000
CHUNK = 20_000
# Of the texts that the embeddings in this folder belong to.
VERSION = "texts.sha256"
# Shares of the three parts after each is scaled to unit length.
WORD, ALONE, NEIGHBOURS = 1.0, 0.7, 1.0
SENTINEL_SIZE = 0.5

Matrix = NDArray[numpy.float32]


def make_targets(run: Run) -> None:
    """Write `targets/table.npy` [vocabulary, d_model] and `targets/embeddings-*.npy`, chunk by chunk of mixed.txt."""
    seed_everything(run.config.seed)
    folder = run.folder("targets")
    texts, version = embedded_texts(run), text_version(run)
    if not is_of_these_texts(run):
        for path in folder.glob("embeddings-*.npy"):
            path.unlink()
    (folder / VERSION).write_text(version)
    teacher = SentenceEncoder().to(run.device)
    progress = Progress("embeddings", len(texts))
    for start in range(0, len(texts), CHUNK):
        path, part = folder / f"embeddings-{start // CHUNK:04d}.npy", folder / "part.npy"
        if not path.exists():
            vectors = outputs(run, [teacher], texts[start : start + CHUNK])[0]
            vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
            numpy.save(part, vectors.astype(numpy.float16))
            part.replace(path)
        progress.show(min(len(texts), start + CHUNK))
    numpy.save(folder / "table.npy", start_table(run, teacher, texts))
    run.record("targets", {"texts": len(texts)})


def embedded_texts(run: Run) -> list[str]:
    """The texts with an embedding."""
    return (run.folder("texts") / "mixed.txt").read_text("utf8").split("\n")


def text_version(run: Run) -> str:
    """Tells one `mixed.txt` from another."""
    return hashlib.sha256((run.folder("texts") / "mixed.txt").read_bytes()).hexdigest()


def is_of_these_texts(run: Run) -> bool:
    """Whether the embeddings that are there belong to `embedded_texts`; where nothing says so, they may not."""
    path = run.folder("targets") / VERSION
    return path.exists() and path.read_text() == text_version(run)


def read_embeddings(run: Run) -> Matrix:
    """The teacher's unit vectors of `embedded_texts`: [texts, WIDTH], float16. Vectors of other texts, or of some of
    them only, are refused."""
    folder = run.folder("targets")
    if not is_of_these_texts(run):
        raise SystemExit(f"{folder} is of other texts, or not there: run `targets`.")
    vectors = numpy.concatenate([numpy.load(path) for path in sorted(folder.glob("embeddings-*.npy"))])
    wanted = len(embedded_texts(run))
    if len(vectors) != wanted:
        raise SystemExit(f"{folder} has {len(vectors)} of {wanted} embeddings: run `targets` to its end.")
    return vectors


def start_table(run: Run, teacher: SentenceEncoder, texts: Sequence[str]) -> Matrix:
    """The embedding table to begin with: unit variance for pieces, smaller random rows for sentinels."""
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    size, pieces = len(tokenizer), run.config.vocabulary.pieces
    names = tokenizer.convert_ids_to_tokens(list(range(pieces)))
    ids = [tokenizer(text)["input_ids"] for text in texts[:COUNTED_TEXTS]]
    parts = [
        WORD * unit(word_vectors(teacher, names)),
        ALONE * unit(outputs(run, [teacher], [name.replace("▁", "") or "." for name in names])[0]),
        NEIGHBOURS * unit(neighbour_vectors(ids, pieces, run.config.seed)),
    ]
    width = run.config.model.d_model
    reduced = PCA(width, random_state=run.config.seed).fit_transform(numpy.concatenate(parts, 1))
    table = numpy.random.default_rng(run.config.seed).normal(0, SENTINEL_SIZE, (size, width))
    table[:pieces] = reduced / reduced.std()
    return table.astype(numpy.float32)


def word_vectors(teacher: SentenceEncoder, names: Sequence[str]) -> Matrix:
    """The teacher's word embedding of each piece, the mean where the teacher splits it: [pieces, WIDTH]."""
    tokenizer = teacher_tokenizer()
    known = tokenizer.get_vocab()
    weights = teacher.body.embeddings.word_embeddings.weight.detach().cpu().numpy()
    vectors = numpy.zeros((len(names), WIDTH), numpy.float32)
    for index, name in enumerate(names):
        word = name.replace("▁", "")
        whole = word if name.startswith("▁") else f"##{word}"
        ids = [known[whole]] if whole in known else tokenizer(word, add_special_tokens=False)["input_ids"]
        if ids:
            vectors[index] = weights[ids].mean(0)
    return vectors


def neighbour_vectors(ids: Sequence[Sequence[int]], size: int, seed: int) -> Matrix:
    """Truncated SVD of the shifted positive PMI of pieces within WINDOW of each other: [size, at most 256]."""
    counts = cooccurrences(ids, size)
    total, sums = counts.sum(), numpy.asarray(counts.sum(1)).ravel() + 1e-9
    pairs = counts.tocoo()
    information = numpy.log(pairs.data * total / (sums[pairs.row] * sums[pairs.col])) - math.log(NEGATIVE_SAMPLES)
    positive = csr_matrix((numpy.maximum(information, 0), (pairs.row, pairs.col)), shape=counts.shape)
    return TruncatedSVD(min(256, size - 1), random_state=seed).fit_transform(positive).astype(numpy.float32)


def cooccurrences(ids: Sequence[Sequence[int]], size: int) -> csr_matrix:
    """How often two pieces lie within WINDOW of each other, weighted by one over their distance: [size, size]."""
    lengths = numpy.array([len(row) for row in ids])
    flat = numpy.concatenate([numpy.asarray(row) for row in ids])
    owner = numpy.repeat(numpy.arange(len(ids)), lengths)
    counts = csr_matrix((size, size), dtype=numpy.float64)
    for distance in range(1, WINDOW + 1):
        together = owner[distance:] == owner[:-distance]
        left, right = flat[:-distance][together], flat[distance:][together]
        known = (left < size) & (right < size)
        values = numpy.full(int(known.sum()), 1 / distance)
        counts += coo_matrix((values, (left[known], right[known])), shape=(size, size)).tocsr()
    return counts + counts.T


def unit(matrix: Matrix) -> Matrix:
    """Centred rows of length 1."""
    centred = matrix - matrix.mean(0)
    return centred / (numpy.linalg.norm(centred, axis=1, keepdims=True) + 1e-6)
