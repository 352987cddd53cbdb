from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from embedded_t5.config import Shape
from embedded_t5.pack import PACK
from embedded_t5.run import write_json
from embedded_t5.t5 import load_model, new_model, t5_settings

SHAPE = Shape("tiny", d_model=8, d_kv=4, d_ff=12, num_layers=1, num_decoder_layers=1, num_heads=2)
TIED = ("lm_head.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight")


def packed(name: str, tensor: Tensor) -> dict[str, Tensor]:
    """As the converter stores it: codes by [inputs, outputs] with a scale by output, the table by row."""
    if tensor.dim() < 2 or "relative_attention_bias" in name:
        return {name: tensor}
    scale = tensor.abs().amax(1) / 127
    codes = (tensor / scale[:, None]).round().to(torch.int8)
    return {name: codes if name == "shared.weight" else codes.T.contiguous(), f"{name}.scale": scale}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    model = new_model(SHAPE, 20)
    write_json(tmp_path / "config.json", {**t5_settings(SHAPE, 20), "model_type": "t5"})
    tensors: dict[str, Tensor] = {}
    for name, tensor in model.state_dict().items():
        if name not in TIED:
            tensors |= packed(name, tensor)
    save_file(tensors, tmp_path / PACK)
    model.save_pretrained(tmp_path / "whole")
    return tmp_path


def test_a_pack_is_within_half_a_step_of_the_float_weights(folder: Path) -> None:
    found, whole = load_model(folder, 0.1), load_model(folder / "whole")
    assert found.config.dropout_rate == 0.1
    for (name, ours), theirs in zip(found.state_dict().items(), whole.state_dict().values(), strict=True):
        step = theirs.abs().amax(-1, keepdim=True) / 127 if theirs.dim() > 1 else torch.zeros(1)
        assert bool(((ours - theirs).abs() <= step / 2 + 1e-6).all()), name
    assert found.lm_head.weight.data_ptr() == found.shared.weight.data_ptr()


def test_float_weights_go_before_those_of_a_pack(folder: Path) -> None:
    (folder / "whole/model.safetensors").rename(folder / "model.safetensors")
    whole = load_model(folder).shared.weight.clone()
    (folder / "model.safetensors").unlink()
    assert not load_model(folder).shared.weight.equal(whole)


def test_a_pack_that_lacks_a_tensor_is_refused(folder: Path) -> None:
    save_file({"shared.weight": torch.zeros(20, 8)}, folder / PACK)
    with pytest.raises(SystemExit, match="no pack of this model"):
        load_model(folder)


@pytest.mark.parametrize("left", [None, 1])
def test_codes_without_all_their_scales_are_refused(folder: Path, left: int | None) -> None:
    tensors = load_file(folder / PACK)
    scales = tensors.pop("shared.weight.scale")
    save_file(tensors if left is None else {**tensors, "shared.weight.scale": scales[:left]}, folder / PACK)
    with pytest.raises(SystemExit, match=r"not have a scale for each output of shared\.weight"):
        load_model(folder)


def test_a_matrix_of_another_size_is_refused(folder: Path) -> None:
    write_json(folder / "config.json", {**t5_settings(SHAPE, 21), "model_type": "t5"})
    with pytest.raises(SystemExit, match=r"shared\.weight is \[20, 8\] and by config\.json \[21, 8\]"):
        load_model(folder)
