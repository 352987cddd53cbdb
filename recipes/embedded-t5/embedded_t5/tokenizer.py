"""Stage `tokenizer`: a lower-case unigram vocabulary with sentinels, as `tokenizer.json` that every runtime reads."""

import json
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from embedded_t5.config import Vocabulary
from embedded_t5.normalise import LINK
from embedded_t5.run import Run

PADDING, END, UNKNOWN = 0, 1, 2
LONGEST_INPUT = 512
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def make_tokenizer(run: Run) -> None:
    """Write `tokenizer/`: the three files of the published layout, and the SentencePiece model they come from."""
    vocabulary, folder = run.config.vocabulary, run.folder("tokenizer")
    model = folder / "sp.model"
    if vocabulary.model:
        model.write_bytes((run.material.root / vocabulary.model).read_bytes())
    elif not model.exists():
        train_pieces(run.folder("texts") / "mixed.txt", model, vocabulary)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    tokenizer = convert(pieces, vocabulary)
    write_tokenizer(tokenizer, folder, vocabulary)
    texts = (run.folder("texts") / "span_held.txt").read_text("utf8").split("\n")
    loaded = load_tokenizer(folder)
    unequal = sum(loaded(text)["input_ids"] != [*pieces.encode(text), END] for text in texts)
    run.record("tokenizer", {"checkedTexts": len(texts), "differentFromSentencePiece": unequal})
    print(f"tokenizer: {len(tokenizer.get_vocab())} ids; {unequal} of {len(texts)} texts differ from SentencePiece")


def train_pieces(texts: Path, model: Path, vocabulary: Vocabulary) -> None:
    """Train the unigram model on normalised texts, one by line."""
    sentencepiece.SentencePieceTrainer.train(
        input=str(texts),
        model_prefix=str(model.with_suffix("")),
        vocab_size=vocabulary.pieces,
        model_type="unigram",
        normalization_rule_name="identity",
        character_coverage=0.9995,
        input_sentence_size=vocabulary.training_lines,
        shuffle_input_sentence=True,
        split_digits=True,
        pad_id=PADDING,
        eos_id=END,
        unk_id=UNKNOWN,
        bos_id=-1,
        pad_piece="<pad>",
        hard_vocab_limit=False,
    )


def convert(pieces: sentencepiece.SentencePieceProcessor, vocabulary: Vocabulary) -> Tokenizer:
    """The unigram model with our normaliser; the sentinels are the last ids, `<extra_id_0>` the very last."""
    size = pieces.get_piece_size()
    if size != vocabulary.pieces:
        raise SystemExit(f"The SentencePiece model has {size} pieces, the configuration {vocabulary.pieces}.")
    scored = [(pieces.id_to_piece(i), pieces.get_score(i) if i > UNKNOWN else 0.0) for i in range(size)]
    sentinels = [f"<extra_id_{index}>" for index in reversed(range(vocabulary.sentinels))]
    scored += [(name, 0.0) for name in sentinels]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(LINK.pattern), ""),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    special = [name for name, _ in scored[: UNKNOWN + 1]] + list(reversed(sentinels))
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", END)]
    )
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, folder: Path, vocabulary: Vocabulary) -> None:
    """The files beside the weights. The class is the plain one: `T5TokenizerFast` of transformers 5 builds a normaliser
    of its own and would neither lower the case nor remove links."""
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    sentinels = [f"<extra_id_{index}>" for index in range(vocabulary.sentinels)]
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": LONGEST_INPUT,
        **names,
        "extra_ids": vocabulary.sentinels,
        "clean_up_tokenization_spaces": False,
        "additional_special_tokens": sentinels,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1), "utf8")
    (folder / "special_tokens_map.json").write_text(json.dumps(names, indent=1), "utf8")


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer as any user of the folder gets it; a class that ignores our normaliser is refused."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise SystemExit(f"{folder} loads as {type(tokenizer).__name__}, which has no tokenizer.json behind it.")
    mixed = tokenizer("Profit UP https://example.com")["input_ids"]
    if mixed != tokenizer("profit up")["input_ids"]:
        raise SystemExit(f"{folder} loads as {type(tokenizer).__name__}, which ignores its normaliser.")
    return tokenizer


def word_ids(tokenizer: PreTrainedTokenizerFast, words: str) -> list[int]:
    """The ids of a label or an answer, without the end token."""
    return tokenizer(words, add_special_tokens=False)["input_ids"]
