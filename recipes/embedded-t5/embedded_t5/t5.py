"""The model: the reference implementation's T5, with the two readings that the recipe needs besides its loss."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import T5Config, T5ForConditionalGeneration
from transformers.activations import NewGELUActivation
from transformers.models.t5.modeling_t5 import T5LayerNorm

from embedded_t5.batches import OUT, added_mask
from embedded_t5.config import Shape
from embedded_t5.dropout import QuickDropout
from embedded_t5.pack import PACK, load_pack
from embedded_t5.tokenizer import END, PADDING

# The base alone or with an adapter. PeftModel passes on what the base can do, which no type checker sees.
Model = Any

FLOAT = "model.safetensors"


def t5_settings(shape: Shape, vocabulary: int) -> dict[str, Any]:
    """T5 v1.1 (gated GELU, RMSNorm), but with tied embeddings, whose output is scaled by d_model^-0.5."""
    return {
        "architectures": ["T5ForConditionalGeneration"],
        "vocab_size": vocabulary,
        "d_model": shape.d_model,
        "d_kv": shape.d_kv,
        "d_ff": shape.d_ff,
        "num_layers": shape.num_layers,
        "num_decoder_layers": shape.num_decoder_layers,
        "num_heads": shape.num_heads,
        "relative_attention_num_buckets": 32,
        "relative_attention_max_distance": 128,
        "dropout_rate": 0.0,
        "layer_norm_epsilon": 1e-6,
        "feed_forward_proj": "gated-gelu",
        "is_encoder_decoder": True,
        "use_cache": True,
        "pad_token_id": PADDING,
        "eos_token_id": END,
        "decoder_start_token_id": PADDING,
        "tie_word_embeddings": True,
    }


def new_model(shape: Shape, vocabulary: int) -> T5ForConditionalGeneration:
    """A model with random weights."""
    return T5ForConditionalGeneration(T5Config(**t5_settings(shape, vocabulary)))


def load_model(folder: Path, dropout: float = 0.0) -> T5ForConditionalGeneration:
    """A model from a folder, in fp32. Float weights go before those of a pack."""
    if (folder / PACK).exists() and not (folder / FLOAT).exists():
        return load_pack(folder, dropout)
    return T5ForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, dropout_rate=dropout)


def for_training(model: Model) -> Model:
    """The same model with the same names, trained faster and equal up to rounding: norms and GELU go over the states
    once instead of four to eight times; attention is plain products, as some fused kernels
    make a plan for each new shape of a batch. Between the layers dropout is `QuickDropout`."""
    model.set_attn_implementation("eager")
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, T5LayerNorm):
                norm = nn.RMSNorm(child.weight.shape, eps=child.variance_epsilon)
                norm.weight = child.weight
                setattr(module, name, norm)
            elif isinstance(child, NewGELUActivation):
                setattr(module, name, nn.GELU(approximate="tanh"))
            elif isinstance(child, nn.Dropout):
                setattr(module, name, QuickDropout(child.p))
    return model


def encode(model: Model, ids: Tensor, mask: Tensor) -> Tensor:
    """Encoder states after the final norm: [batch, tokens, d_model]."""
    return model.get_encoder()(input_ids=ids, attention_mask=added_mask(mask)).last_hidden_state


def answer_logits(model: Model, ids: Tensor, mask: Tensor, answers: Tensor) -> Tensor:
    """Logits of every token of `answers` [batch, length] given those before it: [batch, length, vocabulary]."""
    start = torch.full_like(answers[:, :1], PADDING)
    previous = torch.cat([start, answers[:, :-1].clamp(min=0)], 1)
    seen = torch.ones(answers.shape[1], answers.shape[1], device=ids.device).tril()
    return model(
        input_ids=ids,
        attention_mask=added_mask(mask),
        decoder_input_ids=previous,
        decoder_attention_mask=((1 - seen) * OUT)[None, None],
        use_cache=False,
    ).logits
