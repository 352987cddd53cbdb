"""Command line: python -m embedded_t5 <stage> --config configs/nano.toml --out runs/nano"""

import os
import warnings

# Everything that is read lies on the disk; peft would otherwise look for the base model's name on the hub.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
warnings.filterwarnings("ignore", category=UserWarning, module="peft")

from transformers.utils import logging  # noqa: E402 - after the environment

from embedded_t5.cli import main  # noqa: E402

logging.disable_progress_bar()

main()
