"""Stage `onnx`: the reference exporter's encoder and merged decoder, fp32 and q8, in the layout of transformers.js.

Optional, and in an environment of its own (requirements-onnx.txt): the exporter needs an older transformers.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export

from embedded_t5.run import Run
from embedded_t5.tokenizer import TOKENIZER_FILES

PARTS = ("encoder_model", "decoder_model_merged")


def export_onnx(run: Run) -> None:
    """Write `onnx-reference/` into the published folder."""
    source = run.published()
    target = source / "onnx-reference"
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        main_export(str(source), output=folder, task="text2text-generation-with-past", do_validation=True)
        for part in PARTS:
            exported, kept = Path(folder) / f"{part}.onnx", target / "onnx" / part
            shutil.copyfile(exported, kept.with_name(f"{part}.onnx"))
            quantize_dynamic(
                exported,
                kept.with_name(f"{part}_quantized.onnx"),
                weight_type=QuantType.QInt8,
                extra_options={"EnableSubgraph": True},
            )
    for name in (*TOKENIZER_FILES, "config.json", "generation_config.json"):
        shutil.copyfile(source / name, target / name)
    print(f"onnx: {target}")
