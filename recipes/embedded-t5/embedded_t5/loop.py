"""The training loop of every stage: steps, progress, and checkpoints from which it goes on as if never stopped."""

import json
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor, nn

from embedded_t5.gradients import Measure, Replays, with_gradients
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.run import Progress, Run
from embedded_t5.stream import Stream

SMOOTHING = 0.98


@dataclass(frozen=True)
class Part:
    """One of the losses that are added up: the `measure` of the batches of a stream, tuples of arrays. On a GPU it must
    not look at a value, and shapes should come again."""

    stream: Stream[Any]
    measure: Measure


@dataclass
class Job:
    """What one stage trains. A checkpoint of other texts is refused, and one made with other `settings`, the stage's
    part of the configuration, or with others of the parts that it `depends` on."""

    name: str
    folder: Path
    model: nn.Module
    optimiser: RelativeAdam
    parts: dict[str, Part]
    settings: Any
    depends: tuple[str, ...] = ("model", "texts", "sentiment", "opinions", "pretrain")


def train(run: Run, job: Job) -> float:
    """Train to the end, from the last checkpoint if there is one. Returns the seconds spent over all sittings."""
    checkpoint = job.folder / "checkpoint.pt"
    settings = run.settings(job.settings, job.depends)
    step, seconds, smooth = restore(job, checkpoint, settings, run.device)
    progress, started = Progress(job.name, job.optimiser.steps), time.monotonic()
    job.model.train()
    replays = Replays(run.device)
    works = {name: (part.stream, with_gradients(run, part.measure)) for name, part in job.parts.items()}
    with ExitStack() as stack:
        for part in job.parts.values():
            stack.callback(part.stream.close)
        stack.enter_context(replays.at_work())
        while step < job.optimiser.steps:
            for name, (stream, work) in works.items():
                loss = replays.do(name, work, stream.next())
                # At once: the next piece of work may use the loss's memory.
                smooth[name] = torch.lerp(smooth.get(name, loss), loss, 1 - SMOOTHING)
            job.optimiser.step(step, replays)
            step += 1
            if step % run.config.checkpoint_every == 0 or step == job.optimiser.steps:
                spent = seconds + time.monotonic() - started
                save(job, checkpoint, settings, step, spent, smooth)
                with (job.folder / "log.jsonl").open("a", encoding="utf8") as log:
                    log.write(json.dumps({"step": step, "seconds": round(spent), **plain(smooth)}) + "\n")
            progress.show(step, lambda: " ".join(f"{name} {value:.4f}" for name, value in plain(smooth).items()))
    job.model.eval()
    return seconds + time.monotonic() - started


def plain(smooth: dict[str, Tensor]) -> dict[str, float]:
    """The smoothed losses as numbers; waits for the device."""
    return {name: value.item() for name, value in smooth.items()}


def save(job: Job, path: Path, settings: dict[str, Any], step: int, seconds: float, smooth: dict[str, Tensor]) -> None:
    """Write the whole state beside the old one and then swap them, so that a kill leaves one of the two."""
    state = {
        "step": step,
        "settings": settings,
        "seconds": seconds,
        "smooth": smooth,
        "model": job.model.state_dict(),
        "adam": job.optimiser.state(),
        "streams": [part.stream.state() for part in job.parts.values()],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": numpy.random.get_state(legacy=True),
        "python": random.getstate(),
    }
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def restore(
    job: Job, path: Path, settings: dict[str, Any], device: torch.device
) -> tuple[int, float, dict[str, Tensor]]:
    """Take up the state at `path`: its step, seconds and smoothed losses. Without a checkpoint, the beginning."""
    if not path.exists():
        return 0, 0.0, {}
    # Our own file, and NumPy's and Python's generator states are no tensors.
    state = torch.load(path, map_location=device, weights_only=False)
    if state["settings"] != settings:
        raise SystemExit(
            f"{path} was made with other settings or texts. Remove it to begin again, or choose another --out."
        )
    job.model.load_state_dict(state["model"])
    job.optimiser.restore(state["adam"])
    for part, position in zip(job.parts.values(), state["streams"], strict=True):
        part.stream.restore(position)
    torch.set_rng_state(state["torch"].cpu())
    if torch.cuda.is_available() and state["cuda"]:
        torch.cuda.set_rng_state_all([generator.cpu() for generator in state["cuda"]])
    numpy.random.set_state(state["numpy"])
    random.setstate(state["python"])
    return state["step"], state["seconds"], state["smooth"]
