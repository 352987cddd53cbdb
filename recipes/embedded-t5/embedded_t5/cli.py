"""The stages and their options."""

import argparse
import importlib
import os
from dataclasses import replace
from pathlib import Path

import torch

from embedded_t5.config import load_config
from embedded_t5.material import Material
from embedded_t5.run import Run, fast_bf16

# In the order in which they are run. A stage's module is loaded only when it runs: `onnx` needs packages of its own.
STAGES = {
    "prepare": "prepare.prepare",
    "tokenizer": "tokenizer.make_tokenizer",
    "targets": "table.make_targets",
    "opinions": "opinions.label_opinions",
    "pretrain": "mixture.pretrain",
    "prompts": "mixture.learn_prompts",
    "teacher": "soft_labels.teach",
    "finance": "finance.tune_finance",
    "export": "export.export",
    "goldens": "goldens.make_goldens",
    "onnx": "onnx_reference.export_onnx",
    "evaluate": "evaluate.evaluate",
}


def main() -> None:
    """Run the stages named, or all but `onnx`, one after the other."""
    options = parse()
    torch.set_num_threads(options.threads)
    config = load_config(options.config, "smoke" if options.smoke else options.budget, options.set)
    given = (f"--config configs/{options.config.name}", *(f"--set {text}" for text in options.set))
    given += ("--smoke",) * options.smoke + ("--budget gpu",) * (options.budget == "gpu")
    given += (f"--seeds {options.seeds}",) * (options.seeds > 1)
    device = torch.device(options.device)
    bf16 = fast_bf16(device) if options.precision == "auto" else options.precision == "bf16"
    run = Run(config, Material(options.material), options.out, device, bf16, given, options.workers)
    for stage in [name for name in STAGES if name != "onnx"] if "all" in options.stages else options.stages:
        module, function = STAGES[stage].split(".")
        call = getattr(importlib.import_module(f"embedded_t5.{module}"), function)
        if stage == "finance":
            call(run, options.seeds)
        elif stage == "evaluate":
            call(replace(run, bf16=False), options.final)
        else:
            call(run)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m embedded_t5")
    parser.add_argument("stages", nargs="+", choices=[*STAGES, "all"])
    parser.add_argument("--config", type=Path, required=True, help="such as configs/nano.toml")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder; what lies in it is taken up again")
    parser.add_argument(
        "--material",
        type=Path,
        default=os.environ.get("EMBEDDED_T5_MATERIAL"),
        help="the folder with data/ and train/, else EMBEDDED_T5_MATERIAL",
    )
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where the training runs")
    parser.add_argument(
        "--precision", choices=["auto", "bf16", "fp32"], default="auto", help="auto: whichever is faster, measured now"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        help="processes by loss that make batches ahead",
    )
    parser.add_argument("--budget", choices=["cores", "gpu"], default="cores", help="how much is trained")
    parser.add_argument("--smoke", action="store_true", help="tiny settings: every stage in seconds")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    parser.add_argument(
        "--seeds", type=int, default=1, help="finance: how many adapters, for the spread and their mean"
    )
    parser.add_argument("--final", action="store_true", help="evaluate: also the test sets, once, at the end")
    options = parser.parse_args()
    if options.material is None:
        parser.error("--material or EMBEDDED_T5_MATERIAL must name the folder with data/ and train/")
    return options
