from transformers import T5TokenizerFast

from embedded_t5.prepare import prepare
from embedded_t5.run import Run, read_json
from embedded_t5.tokenizer import END, load_tokenizer, make_tokenizer


def test_the_folder_loads_with_its_normaliser_and_sentinels(run: Run) -> None:
    prepare(run)
    make_tokenizer(run)
    folder = run.folder("tokenizer")
    tokenizer = load_tokenizer(folder)
    assert not isinstance(tokenizer, T5TokenizerFast)
    assert read_json(folder / "tokenizer_config.json")["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert tokenizer("Bank https://t.co/x  RISES")["input_ids"] == tokenizer("bank rises")["input_ids"]
    assert tokenizer("bank")["input_ids"][-1] == END
    vocabulary = run.config.vocabulary
    assert len(tokenizer) == vocabulary.pieces + vocabulary.sentinels
    assert tokenizer.convert_tokens_to_ids("<extra_id_0>") == len(tokenizer) - 1
    assert tokenizer("", add_special_tokens=False)["input_ids"] == []
