from pathlib import Path

import pytest

from embedded_t5.config import load_config
from embedded_t5.t5 import new_model

CONFIGS = Path(__file__).parent.parent / "configs"


@pytest.mark.parametrize(("name", "low", "high"), [("nano", 1.9, 2.1), ("mini", 6, 8), ("small", 18, 24)])
def test_the_sizes(name: str, low: float, high: float) -> None:
    config = load_config(CONFIGS / f"{name}.toml")
    model = new_model(config.model, config.vocabulary.pieces + config.vocabulary.sentinels)
    assert low < sum(parameter.numel() for parameter in model.parameters()) / 1e6 < high


def test_layers_and_overrides() -> None:
    overrides = ["pretrain.steps=7", "pretrain.start=some/folder", "finance.learning_rate=1"]
    config = load_config(CONFIGS / "nano.toml", budget="smoke", overrides=overrides)
    assert (config.pretrain.steps, config.pretrain.start, config.finance.learning_rate) == (7, "some/folder", 1.0)
    assert config.prompts.steps == load_config(CONFIGS / "nano.toml", budget="smoke").prompts.steps


@pytest.mark.parametrize("text", ["pretrain.stepz=7", "pretrain.steps=many", "pretrain.steps"])
def test_what_is_wrong_is_named(text: str) -> None:
    with pytest.raises(SystemExit, match=r"steps|stepz"):
        load_config(CONFIGS / "nano.toml", overrides=[text])
