"""Text as the tokenizer sees it, and the key by which two texts count as the same."""

import re
import unicodedata

LINK = re.compile(r"https?://\S+")
_SPACE = re.compile(r"\s+")
_CUT_LINK = re.compile(r"https?(?::…|…|://…|\b\S*$)")
_NOT_WORD = re.compile(r"[\W_]+")
_BRACKET = re.compile(r"-[lr][rs]b-")


def normalise(text: str) -> str:
    """NFKC, links removed, lower case, single spaces: the normaliser in `tokenizer.json`, step by step."""
    text = LINK.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _SPACE.sub(" ", text).strip()


def overlap_key(text: str) -> str:
    """What is left of a text without links, punctuation, symbols, case and spacing; treebank brackets go too."""
    text = _CUT_LINK.sub("", _BRACKET.sub("", normalise(text)))
    return _NOT_WORD.sub("", text)
