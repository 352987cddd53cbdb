"""A pack of the page, as `npm run convert` writes it, as weights to go on from where the float ones are gone."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import T5Config, T5ForConditionalGeneration

PACK = "model.int8.safetensors"
SCALE = ".scale"
# The table, looked up by row. Every other quantised matrix is multiplied with, and stored as [inputs, outputs].
TABLE = "shared.weight"


def load_pack(folder: Path, dropout: float = 0.0) -> T5ForConditionalGeneration:
    """The model of a pack in fp32: each weight within half a step of what it was before it was rounded."""
    model = T5ForConditionalGeneration(T5Config.from_pretrained(folder, dropout_rate=dropout))
    tensors, wanted = dequantise(load_file(folder / PACK)), model.state_dict()
    other = sorted(name for name in tensors.keys() & wanted.keys() if tensors[name].shape != wanted[name].shape)
    if other:
        raise SystemExit(f"{folder / PACK} is no pack of this model: {other[0]} is not of the size in config.json.")
    missing, unknown = model.load_state_dict(tensors, strict=False)
    tied = {name for name, tensor in model.state_dict().items() if tensor.data_ptr() == model.shared.weight.data_ptr()}
    if unknown or set(missing) - tied:
        raise SystemExit(f"{folder / PACK} is no pack of this model: it lacks {missing} and has {unknown} besides.")
    return model.eval()


def dequantise(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Codes times the scale of their output, under the reference implementation's names and in its shapes."""
    return {name: whole(name, tensors) for name in tensors if not name.endswith(SCALE)}


def whole(name: str, tensors: dict[str, Tensor]) -> Tensor:
    """One tensor in fp32; a matrix of codes as [outputs, inputs]."""
    tensor = tensors[name]
    if tensor.dtype != torch.int8:
        return tensor.float()
    if name + SCALE not in tensors:
        raise SystemExit(f"The pack has no scales for {name}: convert the model again.")
    by_output = tensor if name == TABLE else tensor.T
    return (by_output.float() * tensors[name + SCALE][:, None]).contiguous()
