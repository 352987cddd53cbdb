"""A LoRA adapter in PEFT's layout out of the difference between two models."""

from collections.abc import Iterator
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model_state_dict
from safetensors.torch import save_file
from torch import Tensor, nn

from embedded_t5.config import Finance
from embedded_t5.run import write_json
from embedded_t5.t5 import Model, load_model

# By projection: A [rank, in] and B [out, rank].
Factors = dict[str, tuple[Tensor, Tensor]]
# lora_alpha / r
SCALE = 2
TARGETS = ("q", "k", "v", "o", "wi_0", "wi_1", "wo")


def projections(model: nn.Module) -> Iterator[tuple[str, nn.Linear]]:
    """Every projection of attention and feed-forward layers, with its name; the tied head is none."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and name.rpartition(".")[2] in TARGETS:
            yield name, module


@torch.no_grad()
def decompose(base: nn.Module, tuned: nn.Module, rank: int) -> tuple[Factors, float]:
    """By projection, A [rank, in] and B [out, rank] so that SCALE · B · A is the nearest matrix of that rank to the
    change (Eckart and Young); and the mean share of its squared singular values that they keep."""
    tuned_weights = dict(projections(tuned))
    factors, kept = {}, []
    for name, linear in projections(base):
        change = tuned_weights[name].weight.cpu() - linear.weight
        left, values, right = torch.linalg.svd(change, full_matrices=False)
        root = (values[:rank] / SCALE).sqrt()
        factors[name] = (root[:, None] * right[:rank], left[:, :rank] * root)
        kept.append(float(values[:rank].square().sum() / values.square().sum().clamp(min=1e-30)))
    return factors, sum(kept) / len(kept)


def load_adapted(base: Path, adapter: Path, dropout: float = 0.0) -> Model:
    """The model in `base` with the change of an adapter added to its weights. The adapter may have been made for
    another base, from which this one was trained on."""
    if not (adapter / "adapter_config.json").exists():
        raise SystemExit(
            f"{adapter} holds no adapter_config.json: name an adapter's folder in finance.start or teacher.adapter."
        )
    return PeftModel.from_pretrained(load_model(base, dropout), adapter).merge_and_unload()


def factors_of(model: PeftModel) -> Factors:
    """A and B of every projection of a model with an adapter."""
    state = get_peft_model_state_dict(model)
    prefix, down, up = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
    names = [key.removeprefix(prefix).removesuffix(down) for key in state if key.endswith(down)]
    return {name: (state[prefix + name + down].cpu(), state[prefix + name + up].cpu()) for name in names}


def write_adapter(folder: Path, factors: Factors, config: Finance, base_name: str) -> None:
    """Write `adapter_config.json` and `adapter_model.safetensors`."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, (down, up) in factors.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = down.contiguous()
        tensors[f"base_model.model.{name}.lora_B.weight"] = up.contiguous()
    save_file(tensors, folder / "adapter_model.safetensors")
    # Smaller projections cannot have more factors than their smaller side.
    ranks = {name: down.shape[0] for name, (down, _) in factors.items() if down.shape[0] != config.rank}
    settings = LoraConfig(
        task_type=TaskType.SEQ_2_SEQ_LM,
        base_model_name_or_path=base_name,
        r=config.rank,
        lora_alpha=SCALE * config.rank,
        lora_dropout=config.dropout,
        target_modules=list(TARGETS),
        rank_pattern=ranks,
        alpha_pattern={name: SCALE * rank for name, rank in ranks.items()},
        inference_mode=True,
    )
    write_json(folder / "adapter_config.json", published(settings.to_dict()))


def published(settings: dict[str, object]) -> dict[str, object]:
    """The settings as JSON: enumerations by value, sets as sorted lists."""
    plain: dict[str, object] = {}
    for key, value in settings.items():
        plain[key] = sorted(value) if isinstance(value, set) else getattr(value, "value", value)
    return plain
