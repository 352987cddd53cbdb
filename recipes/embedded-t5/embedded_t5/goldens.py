"""Stage `goldens`: what the reference implementation answers, for the tests of whoever runs the model elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

import peft
import torch
import transformers
from peft import PeftModel
from transformers import PreTrainedTokenizerFast

from embedded_t5.export import ADAPTER
from embedded_t5.fixed_texts import GOLDEN, UNUSUAL
from embedded_t5.prompts import SEPARATOR
from embedded_t5.run import Run, write_json
from embedded_t5.t5 import Model, load_model
from embedded_t5.tokenizer import LONGEST_INPUT, PADDING, load_tokenizer, word_ids

ABOUT = (
    "labelTokenLogProbSum: per label, the sum over its tokens of log p(token | encoder input, <pad> + earlier label "
    "tokens) under the full-vocabulary softmax, without the end token, fp32. "
    "encoderStates: [tokens, d_model] after the final layer norm."
)
TEMPLATES = (
    "{text} sentiment:",
    "what is the sentiment of this news? {text} options: {options}",
    "classify this tweet as {options}: {text}",
)
LABELS = (
    ("negative", "positive", "neutral"),
    ("bearish", "bullish", "neutral"),
    ("bad", "good"),
    ("terrible", "great"),
    ("very bad", "rather good", "not clear"),
    ("description", "entity", "expression", "human", "number", "location"),
)
LONG = " ".join(GOLDEN[:6]) * 6
CLOZE, CLOZE_WORDS = "{text} it was <extra_id_0> .", ("great", "terrible", "good", "bad")
# Whole encoder states take much room: two texts under the first template and labels have them.
WITH_STATES = (1, 2)


def make_goldens(run: Run) -> None:
    """Write `golden.json`, on the CPU in fp32 with the plain attention."""
    folder = run.published()
    tokenizer = load_tokenizer(folder)
    models = {
        "base": load_model(folder).eval(),
        "adapter": PeftModel.from_pretrained(load_model(folder), folder / ADAPTER).eval(),
    }
    texts = (*GOLDEN, LONG)
    every_text = (*texts, *UNUSUAL)
    versions = {"transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__}
    golden = {
        "madeWith": versions,
        "about": ABOUT,
        "tokenization": [{"text": text, "ids": tokenizer(text, verbose=False)["input_ids"]} for text in every_text],
        "scoring": [scoring_case(models, tokenizer, texts, *place) for place in places(len(texts))],
        "greedyGeneration": [generation_case(models, tokenizer, text) for text in texts[:4]],
        "cloze": [cloze_case(models["base"], tokenizer, text) for text in texts[:4]],
    }
    write_json(folder / "golden.json", golden)
    print(f"goldens: {len(golden['scoring'])} cases")


def places(texts: int) -> Iterator[tuple[int, int, int]]:
    """Indexes of text, template and labels: every text once, the first ones in other forms and with other labels."""
    for text in range(texts):
        for template in range(len(TEMPLATES)):
            for labels in range(len(LABELS)):
                is_plain = template == 0 or text <= 5
                if is_plain and (labels == 0 or text <= 3) and (template == 0 or labels <= 1):
                    yield text, template, labels


def scoring_case(
    models: dict[str, Model],
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    text: int,
    template: int,
    labels: int,
) -> dict[str, Any]:
    """One prompt and one label set, on the base and with the adapter."""
    words = LABELS[labels]
    prompt = TEMPLATES[template].format(text=texts[text], options=SEPARATOR.join(words))
    ids = tokenizer(prompt, truncation=True, max_length=LONGEST_INPUT)["input_ids"]
    label_ids = [word_ids(tokenizer, word) for word in words]
    whole = text in WITH_STATES and template == labels == 0
    return {
        "text": texts[text],
        "template": TEMPLATES[template],
        "prompt": prompt,
        "inputIds": ids,
        "labels": list(words),
        "labelIds": label_ids,
        "base": answers(models["base"], ids, label_ids, whole),
        "adapter": answers(models["adapter"], ids, label_ids, False),
    }


@torch.inference_mode()
def answers(model: Model, ids: Sequence[int], labels: Sequence[Sequence[int]], whole: bool) -> dict[str, Any]:
    """Summed log-probabilities of the labels, and the encoder states or their marks."""
    inputs = torch.tensor([ids])
    mask = torch.ones_like(inputs)
    encoded = model.get_encoder()(input_ids=inputs, attention_mask=mask)
    sums = []
    for label in labels:
        decoder = torch.tensor([[PADDING, *label[:-1]]])
        logits = model(encoder_outputs=encoded, attention_mask=mask, decoder_input_ids=decoder).logits[0]
        chosen = logits.log_softmax(-1)[torch.arange(len(label)), torch.tensor(label)]
        sums.append(float(chosen.sum()))
    states = encoded.last_hidden_state[0]
    if whole:
        rounded = [[round(value, 6) for value in row] for row in states.tolist()]
        return {"labelTokenLogProbSum": sums, "encoderStates": rounded}
    ends = {"first": states[0, :8].tolist(), "last": states[-1, :8].tolist()}
    return {"labelTokenLogProbSum": sums, "encoderFirst8": ends, "encoderL2": float(states.norm())}


@torch.inference_mode()
def generation_case(models: dict[str, Model], tokenizer: PreTrainedTokenizerFast, text: str) -> dict[str, list[int]]:
    """Eight greedy tokens at most."""
    inputs = torch.tensor([tokenizer(f"{text} sentiment:")["input_ids"]])
    case: dict[str, list[int]] = {"inputIds": inputs[0].tolist()}
    for name, model in models.items():
        generated = model.generate(
            input_ids=inputs,
            attention_mask=torch.ones_like(inputs),
            max_new_tokens=8,
            do_sample=False,
            num_beams=1,
        )
        case[name] = generated[0].tolist()
    return case


@torch.inference_mode()
def cloze_case(model: Model, tokenizer: PreTrainedTokenizerFast, text: str) -> dict[str, Any]:
    """Log-probabilities of words in a blank, after the sentinel."""
    ids = tokenizer(CLOZE.format(text=text))["input_ids"]
    decoder = [PADDING, tokenizer.convert_tokens_to_ids("<extra_id_0>")]
    logits = model(input_ids=torch.tensor([ids]), decoder_input_ids=torch.tensor([decoder])).logits[0, -1]
    words = [word_ids(tokenizer, word) for word in CLOZE_WORDS]
    return {
        "inputIds": ids,
        "decoderInputIds": decoder,
        "labels": list(CLOZE_WORDS),
        "labelIds": words,
        "lastPositionLogProb": [float(logits.log_softmax(-1)[word[0]]) for word in words],
    }
