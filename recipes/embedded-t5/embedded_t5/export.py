"""Stage `export`: the model folder in the published layout, without the goldens and the measured figures."""

import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from embedded_t5.config import Config
from embedded_t5.finance import adapter_folder, base_folder
from embedded_t5.fixed_texts import PROBES
from embedded_t5.material import SENTIMENTS
from embedded_t5.prompts import MAX_DEMONSTRATIONS, SEPARATOR, TASKS, TEMPLATE, WITH_OPTIONS
from embedded_t5.run import Run, write_json
from embedded_t5.scoring import LONGEST_PROMPT
from embedded_t5.t5 import FLOAT, Model, load_model, t5_settings
from embedded_t5.tokenizer import END, PADDING, TOKENIZER_FILES, load_tokenizer

# What T5 stores once, as `shared.weight`.
TIED = frozenset({"encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"})
ADAPTER = "adapter-finance"


def export(run: Run) -> None:
    """Write weights, tokenizer, adapter, `task.json` and `probes.json`."""
    folder = run.published()
    model = load_model(base_folder(run))
    write_weights(folder, model)
    write_json(folder / "config.json", published_config(run.config, model.config.vocab_size))
    start = {"decoder_start_token_id": PADDING, "eos_token_id": END, "pad_token_id": PADDING, "max_new_tokens": 16}
    write_json(folder / "generation_config.json", start)
    for name in TOKENIZER_FILES:
        shutil.copyfile(run.folder("tokenizer") / name, folder / name)
    if not adapter_folder(run).exists():
        raise SystemExit(f"{adapter_folder(run)} is not there: run finance to its end.")
    shutil.copytree(adapter_folder(run), folder / ADAPTER, dirs_exist_ok=True)
    write_json(folder / "probes.json", list(PROBES))
    write_json(folder / "task.json", task())
    check(folder, model)
    print(f"export: {folder}")


def write_weights(folder: Path, model: Model) -> None:
    """fp32, under the reference implementation's names."""
    tensors = {name: value.float().contiguous() for name, value in model.state_dict().items() if name not in TIED}
    save_file(tensors, folder / FLOAT, metadata={"format": "pt"})


def check(folder: Path, model: Model) -> None:
    """The folder loads as what was trained, tokenizer included."""
    load_tokenizer(folder)
    loaded = load_model(folder).state_dict()
    unequal = [name for name, value in model.state_dict().items() if not value.equal(loaded[name])]
    if unequal:
        raise SystemExit(f"{folder} does not load as it was trained: {unequal}")


def published_config(config: Config, vocabulary: int) -> dict[str, Any]:
    """The reference implementation's configuration, only with what says something."""
    return {**t5_settings(config.model, vocabulary), "model_type": "t5", "torch_dtype": "float32"}


def task() -> dict[str, Any]:
    """How the model was trained to be asked."""
    short = TEMPLATE.format(text="{text}", ask="sentiment:")
    options = [form.replace("{ask}", "sentiment:").replace("{subject}", "sentiment") for form in WITH_OPTIONS]
    label_sets = dict.fromkeys(words for one in TASKS.values() for words in one.label_sets if words != SENTIMENTS)
    return {
        "about": "How this model was trained to be asked. Offsets and order matter; "
        "text is normalised by tokenizer.json.",
        "maxInputTokens": LONGEST_PROMPT,
        "prompt": {
            "template": short,
            "alternatives": options,
            "kinds": list(dict.fromkeys(one.kind for one in TASKS.values())),
            "optionsSeparator": SEPARATOR,
            "kShot": {
                "demonstration": f"{short} {{label}}.",
                "separator": " ",
                "query": short,
                "maxDemonstrationsInTraining": MAX_DEMONSTRATIONS,
                "truncate": "from the left, the query is always whole",
            },
        },
        "labels": {
            "finance": [
                {"id": "negative", "words": "negative", "aliases": ["bearish"]},
                {"id": "positive", "words": "positive", "aliases": ["bullish"]},
                {"id": "neutral", "words": "neutral", "aliases": []},
            ],
            "otherSetsSeenInTraining": [list(words) for words in label_sets],
            "otherTemplates": {"subjective/objective and question types": "{text} type:"},
        },
        "decoder": {"startTokenId": PADDING, "answer": "label tokens then </s>"},
        "adapter": {"folder": ADAPTER, "template": short, "labels": "finance"},
    }
