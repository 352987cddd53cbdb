"""The prompts that the model learns to answer; `task.json` of the published folder says the same to the page."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from embedded_t5.material import NEUTRAL, SENTIMENTS
from embedded_t5.prepare import TaskRow

TEMPLATE = "{text} {ask}"
WITH_OPTIONS = (
    "{text} {ask} options: {options}",
    "what is the {subject} of this {kind}? {text} options: {options}",
    "is this {kind} {options}? {text}",
    "classify this {kind} as {options}: {text}",
)
SEPARATOR = ", "
MAX_DEMONSTRATIONS = 5
LONGEST_DEMONSTRATION = 120
LONGEST_QUERY = 140
# What is added to neutral's log-odds in all softly labelled texts of a prompt with demonstrations, drawn from a normal
# distribution: only they tell where neutral ends, so the model must read them. The mean was chosen on the held-out
# rows, where neutral was too seldom the answer after demonstrations whose labels take turns.
LEAN_MEAN, LEAN_DEVIATION = 0.5, 1.0
# Share of the prompts with demonstrations in which all labels are equally likely to be shown, as people show examples
# of each: the model must not take what is shown for what is common. In the others they are as likely as among the rows.
EVEN = 0.6
# Draws after which a demonstration may have another label than the one wanted.
TRIES = 30
# Share of the examples without demonstrations in the short form; the rest list the options.
SHORT = 0.65

POLAR = (("negative", "positive"),) * 4 + (("bad", "good"), ("terrible", "great"))
OPINIONS = (SENTIMENTS,) * 4 + (("bearish", "bullish", "neutral"),) * 2 + (("bad", "good", "neutral"),)
QUESTIONS = ("description", "entity", "expression", "human", "location", "number")


@dataclass(frozen=True)
class Task:
    """One kind of task: what a text is called, what is asked, its label sets, how often each row comes while all are
    gone through once (of a share below 1 the rows are thinned out evenly), and the share of its examples, of those
    short enough, that come after demonstrations."""

    kind: str
    subject: str
    label_sets: tuple[tuple[str, ...], ...]
    share: float = 1.0
    few_shot: float = 0.05


# The share with demonstrations where texts can be neutral: there they tell most; elsewhere only the form must be known.
FEW_SHOT_WITH_NEUTRAL = 0.4
# Those who labelled: people what is news, review, phrase, stars, subjectivity, question and most of opinion; a tuned
# teacher, softly, wires, scenes and variants; a language model verdicts, and it wrote what is critic.
TASKS = {
    "news": Task("news", "sentiment", OPINIONS, share=2, few_shot=FEW_SHOT_WITH_NEUTRAL),
    "wire": Task("news", "sentiment", OPINIONS, few_shot=FEW_SHOT_WITH_NEUTRAL),
    "review": Task("review", "sentiment", POLAR),
    "scene": Task("review", "sentiment", POLAR, share=0.5),
    "variant": Task("review", "sentiment", POLAR),
    "verdict": Task("review", "sentiment", POLAR),
    "critic": Task("review", "sentiment", POLAR),
    "phrase": Task("phrase", "sentiment", POLAR, share=0.5),
    "stars": Task("review", "sentiment", (("terrible", "bad", "okay", "good", "great"),), share=0.5),
    "subjectivity": Task("text", "type", (("subjective", "objective"),), share=0.5),
    "question": Task("question", "type", (QUESTIONS,), share=0.5),
    "opinion": Task("text", "sentiment", OPINIONS, share=0.25, few_shot=FEW_SHOT_WITH_NEUTRAL),
}


def short_prompt(text: str, ask: str = "sentiment:") -> str:
    """The prompt of the finance adapter and of every zero-shot figure."""
    return TEMPLATE.format(text=text, ask=ask)


def few_shot_prompt(demonstrations: Sequence[tuple[str, str]], text: str, ask: str = "sentiment:") -> str:
    """Answered examples (text, label words) and then the query."""
    answered = [f"{short_prompt(shown, ask)} {label}." for shown, label in demonstrations]
    return " ".join([*answered, short_prompt(text, ask)])


class Example(NamedTuple):
    """A prompt with an answer to it, and the label words that might be the answer with their probabilities."""

    prompt: str
    answer: str
    shares: dict[str, float]


class Examples:
    """Makes an example out of a row: the form, the label set, the demonstrations and the answer are drawn."""

    def __init__(self, rows: Sequence[TaskRow]) -> None:
        self.rows = by_share(rows)
        self.by_task: dict[str, list[TaskRow]] = {}
        self.by_label: dict[str, dict[int, list[TaskRow]]] = {}
        for row in rows:
            self.by_task.setdefault(row.task, []).append(row)
            self.by_label.setdefault(row.task, {}).setdefault(row.label, []).append(row)

    def draw(self, index: int, rng: random.Random) -> Example:
        """An example for the row at `index`."""
        row = self.rows[index]
        task = TASKS[row.task]
        words = rng.choice(task.label_sets)
        if rng.random() < task.few_shot and len(row.text) < LONGEST_QUERY:
            lean = rng.gauss(LEAN_MEAN, LEAN_DEVIATION)
            row, prompt = leaning(row, lean), self.demonstrated(row, words, lean, rng)
        else:
            prompt = self.plain(row, words, rng)
        answer = words[drawn_label(row, rng)]
        shares = dict(zip(words, row.probabilities, strict=True)) if row.probabilities else {answer: 1.0}
        return Example(prompt, answer, shares)

    def demonstrated(self, row: TaskRow, words: Sequence[str], lean: float, rng: random.Random) -> str:
        """The row after demonstrations."""
        draw = self.evenly if rng.random() < EVEN else self.as_frequent
        shown = [draw(row, lean, rng) for _ in range(rng.randint(1, MAX_DEMONSTRATIONS))]
        pairs = [(other.text[:LONGEST_DEMONSTRATION], words[other.label]) for other in shown]
        return few_shot_prompt(pairs, row.text, f"{TASKS[row.task].subject}:")

    def plain(self, row: TaskRow, words: Sequence[str], rng: random.Random) -> str:
        """The row in one of the forms without demonstrations."""
        task = TASKS[row.task]
        ask = f"{task.subject}:"
        if rng.random() < SHORT:
            return short_prompt(row.text, ask)
        options = SEPARATOR.join(rng.sample(words, len(words)))
        template = rng.choice(WITH_OPTIONS)
        return template.format(text=row.text, ask=ask, subject=task.subject, kind=task.kind, options=options)

    def evenly(self, query: TaskRow, lean: float, rng: random.Random) -> TaskRow:
        """A row of the query's task with another text, all labels equally likely; there must be one."""
        by_label = self.by_label[query.task]
        labels, tries = list(by_label), 0
        wanted = source = rng.choice(labels)
        while True:
            other, tries = leaning(rng.choice(by_label[source]), lean), tries + 1
            if other.text != query.text and (other.label == wanted or tries > TRIES):
                return other
            source = rng.choice(labels)

    def as_frequent(self, query: TaskRow, lean: float, rng: random.Random) -> TaskRow:
        """A row of the query's task with another text, all rows equally likely; there must be one."""
        while True:
            other = rng.choice(self.by_task[query.task])
            if other.text != query.text:
                return leaning(other, lean)


def by_share(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """The rows of each task as often as its share says."""
    seen: Counter[str] = Counter()
    chosen = []
    for row in rows:
        number, share = seen[row.task], TASKS[row.task].share
        seen[row.task] += 1
        chosen += [row] * (math.floor((number + 1) * share) - math.floor(number * share))
    return chosen


def leaning(row: TaskRow, lean: float) -> TaskRow:
    """The row with `lean` added to neutral's log-odds, where a teacher gave it a probability."""
    if len(row.probabilities) <= NEUTRAL:
        return row
    weights = [value * math.exp(lean) if label == NEUTRAL else value for label, value in enumerate(row.probabilities)]
    probabilities = tuple(weight / sum(weights) for weight in weights)
    return replace(row, label=probabilities.index(max(probabilities)), probabilities=probabilities)


def drawn_label(row: TaskRow, rng: random.Random) -> int:
    """The row's label; where a teacher gave probabilities, drawn from them anew each time."""
    labels = range(len(row.probabilities))
    return rng.choices(labels, row.probabilities)[0] if row.probabilities else row.label
