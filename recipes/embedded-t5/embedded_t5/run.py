"""One run: where its files lie, what it computes on, and how it tells its progress."""

import hashlib
import json
import random
import sys
import time
import timeit
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy
import torch

from embedded_t5.config import Config
from embedded_t5.material import Material


@dataclass(frozen=True)
class Run:
    """The configuration, the material, the output folder, the device, whether it multiplies in bf16, the options as
    they were given, and how many processes make batches ahead."""

    config: Config
    material: Material
    out: Path
    device: torch.device
    bf16: bool = False
    options: tuple[str, ...] = ()
    workers: int = 0

    @property
    def multiple(self) -> int:
        """What the sides of a batch are multiples of."""
        return 8 if self.device.type == "cuda" else 1

    def folder(self, name: str) -> Path:
        """A folder of this run, made when it is not there."""
        path = self.out / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def published(self) -> Path:
        """The folder in the published layout."""
        return self.folder(f"model/{self.config.model.name}")

    def autocast(self) -> AbstractContextManager[None]:
        """Multiplications in bf16, where this run computes so."""
        if self.bf16:
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def record(self, stage: str, values: dict[str, Any]) -> None:
        """Write what a finished stage reports to `<stage>.json`, for the model card."""
        device = f"{describe(self.device)} in {'bf16' if self.bf16 else 'fp32'}"
        how = {
            "stage": stage,
            "run": self.out.name,
            "options": self.options,
            "device": device,
            "threads": torch.get_num_threads(),
        }
        write_json(self.out / f"{stage}.json", {**how, **values, "config": asdict(self.config)})

    def settings(self, stage: Any, depends: tuple[str, ...]) -> dict[str, Any]:
        """What a checkpoint of a stage depends on: its own settings, the texts, and what else its data and arithmetic
        come from."""
        config = self.config
        shared = {name: asdict(getattr(config, name)) for name in depends}
        computed = {"seed": config.seed, "bf16": self.bf16, "multiple": self.multiple, "texts": self.version_of_texts()}
        return {"stage": asdict(stage), "computed": computed, "shared": shared}

    def version_of_texts(self) -> str:
        """Tells what `prepare` wrote from what it writes of another material."""
        digest = hashlib.sha256()
        for path in sorted(self.folder("texts").iterdir()):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def recorded(self, stage: str) -> dict[str, Any] | None:
        """What a stage reported, or nothing when it has not ended."""
        path = self.out / f"{stage}.json"
        return read_json(path) if path.exists() else None


def earlier(run: Run, start: str) -> Path | None:
    """The folder of the weights to begin with, where the configuration names one."""
    return run.material.root / start if start else None


def recorded_before(start: Path | None) -> dict[str, Any] | None:
    """What was recorded of the stage whose weights at `start` this one began with, where they lie in its run's folder:
    `finance.json` beside the folder `finance` that `finance/seed-0/adapter` lies in."""
    for folder in start.parents if start else ():
        record = folder.parent / f"{folder.name}.json"
        if record.exists():
            found: dict[str, Any] = read_json(record)
            return found
    return None


def sittings(record: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A stage's record after those of the stages that its weights came from."""
    return [*sittings(record.get("before")), record] if record else []


def learned_held_out(record: dict[str, Any] | None) -> bool:
    """Whether an adapter of that record, or one that it went on from, learned from the held-out rows."""
    return any(one["config"]["finance"].get("held_out_too", False) for one in sittings(record))


class Progress:
    """One line that says how far a stage is: rewritten on a terminal, every ten seconds in a log."""

    def __init__(self, stage: str, total: int) -> None:
        self.stage, self.total = stage, total
        self.started = self.last = time.monotonic()
        self.first: int | None = None

    def show(self, done: int, note: Callable[[], str] = str) -> None:
        """Tell that `done` of the total is done; costs nothing, not even the `note`, when the last line is fresh."""
        now = time.monotonic()
        self.first = done if self.first is None else self.first
        terminal = sys.stdout.isatty()
        if done < self.total and now - self.last < (0.5 if terminal else 10):
            return
        self.last = now
        pace = (now - self.started) / max(1, done - self.first)
        left = f"{pace * (self.total - done) / 60:.1f} min left" if done > self.first else ""
        line = f"{self.stage} {done}/{self.total} {note()} {left}"
        end = "" if terminal and done < self.total else "\n"
        print(f"\r\033[K{line}" if terminal else line, end=end, flush=True)


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy and torch alike."""
    random.seed(seed)
    numpy.random.seed(seed)
    torch.manual_seed(seed)


def fast_bf16(device: torch.device) -> bool:
    """Whether bf16 is faster than fp32: on every GPU that we use, and on a CPU on which a product of mini's size is.
    Instructions alone do not tell: of two CPUs with AVX-512 BF16, the one trained mini 2.2 times as fast in bf16, the
    other a third slower."""
    if device.type == "cuda":
        return True
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16")) and product_time(torch.bfloat16) < product_time(
        torch.float32
    )


def product_time(dtype: torch.dtype) -> float:
    """Seconds of a matrix product on the CPU, the least of several."""
    states, weights = torch.ones(2048, 256, dtype=dtype), torch.ones(256, 512, dtype=dtype)
    return min(timeit.repeat(lambda: states @ weights, number=5, repeat=10))


def describe(device: torch.device) -> str:
    """The device in words, for the model card."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"


def write_json(path: Path, value: Any) -> None:
    """Write JSON so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf8")
    part.replace(path)


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text("utf8"))
