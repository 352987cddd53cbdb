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
    found, wanted = dequantise(load_file(folder / PACK)), model.state_dict()
    tied = {name for name, tensor in wanted.items() if tensor.data_ptr() == wanted[TABLE].data_ptr()}
    unknown, missing = found.keys() - wanted.keys(), ((wanted.keys() - tied) | {TABLE}) - found.keys()
    if unknown or missing:
        raise SystemExit(
            f"{folder / PACK} is no pack of this model: it lacks {sorted(missing)} and has {sorted(unknown)} besides."
        )
    for name, tensor in found.items():
        if tensor.shape != wanted[name].shape:
            raise SystemExit(
                f"{folder / PACK} is no pack of this model: {name} is {list(tensor.shape)} and by config.json "
                f"{list(wanted[name].shape)}."
            )
    model.load_state_dict(found, strict=False)
    return model.eval()


def dequantise(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Codes times the scale of their output, under the reference implementation's names and in its shapes."""
    return {name: whole(name, tensors) for name in tensors if not name.endswith(SCALE)}


def whole(name: str, tensors: dict[str, Tensor]) -> Tensor:
    """One tensor in fp32; a matrix of codes as [outputs, inputs]."""
    tensor = tensors[name]
    if tensor.dtype != torch.int8:
        return tensor.float()
    by_output, scales = tensor if name == TABLE else tensor.T, tensors.get(name + SCALE)
    if scales is None or scales.shape != by_output.shape[:1]:
        raise SystemExit(f"The pack does not have a scale for each output of {name}: convert the model again.")
    return (by_output.float() * scales[:, None]).contiguous()
