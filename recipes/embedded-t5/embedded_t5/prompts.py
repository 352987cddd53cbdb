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
# Mean and standard deviation of what is added to neutral's log-odds in all softly labelled texts of a prompt with
# demonstrations: only they tell where neutral ends, so the model must read them. The mean was chosen on the held-out
# rows, where neutral was too seldom the answer after as many demonstrations of each label.
LEAN = 0.5, 1.0
# Share of the prompts with demonstrations in which all labels are equally likely to be shown, as people show examples of
# each: the model must not take what is shown for what is common. In the others each is as frequent as among the rows.
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
    gone through once (of a share below 1 the rows are thinned out evenly), and the share of its examples with
    demonstrations."""

    kind: str
    subject: str
    label_sets: tuple[tuple[str, ...], ...]
    share: float = 1.0
    demonstrated: float = 0.15


# Those who labelled: people what is news, review, phrase, stars, subjectivity, question and most of opinion; a tuned
# teacher, softly, wires, scenes and variants; a language model verdicts, and it wrote what is critic: both are harder
# than most.
TASKS = {
    "news": Task("news", "sentiment", OPINIONS, share=2, demonstrated=0.4),
    "wire": Task("news", "sentiment", OPINIONS, demonstrated=0.4),
    "review": Task("review", "sentiment", POLAR, share=0.5),
    "scene": Task("review", "sentiment", POLAR, share=0.5),
    "variant": Task("review", "sentiment", POLAR),
    "verdict": Task("review", "sentiment", POLAR),
    "critic": Task("review", "sentiment", POLAR, share=2),
    "phrase": Task("phrase", "sentiment", POLAR, share=0.5),
    "stars": Task("review", "sentiment", (("terrible", "bad", "okay", "good", "great"),), share=0.5),
    "subjectivity": Task("text", "type", (("subjective", "objective"),), share=0.5),
    "question": Task("question", "type", (QUESTIONS,), share=0.5),
    "opinion": Task("text", "sentiment", OPINIONS, share=0.25, demonstrated=0.4),
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
        self.by_label: dict[str, dict[int, list[TaskRow]]] = {}
        for row in rows:
            self.by_label.setdefault(row.task, {}).setdefault(row.label, []).append(row)

    def draw(self, index: int, rng: random.Random) -> Example:
        """An example for the row at `index`."""
        row = self.rows[index]
        task = TASKS[row.task]
        words = rng.choice(task.label_sets)
        if rng.random() < task.demonstrated and len(row.text) < LONGEST_QUERY:
            lean = rng.gauss(*LEAN)
            row, prompt = leaning(row, lean), self.demonstrated(row, words, lean, rng)
        else:
            prompt = self.plain(row, words, rng)
        answer = words[drawn_label(row, rng)]
        shares = dict(zip(words, row.probabilities, strict=True)) if row.probabilities else {answer: 1.0}
        return Example(prompt, answer, shares)

    def demonstrated(self, row: TaskRow, words: Sequence[str], lean: float, rng: random.Random) -> str:
        """The row after demonstrations."""
        even = rng.random() < EVEN
        shown = [self.demonstration(row, lean, even, rng) for _ in range(rng.randint(1, MAX_DEMONSTRATIONS))]
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

    def demonstration(self, query: TaskRow, lean: float, even: bool, rng: random.Random) -> TaskRow:
        """A row of the query's task with another text; there must be one. With `even` all labels are equally
        likely."""
        by_label = self.by_label[query.task]
        labels, frequent, tries = list(by_label), None if even else [len(rows) for rows in by_label.values()], 0
        [wanted] = [source] = rng.choices(labels, frequent)
        while True:
            other, tries = leaning(rng.choice(by_label[source]), lean), tries + 1
            fits = not even or other.label == wanted or tries > TRIES
            if other.text != query.text and fits:
                return other
            [source] = rng.choices(labels, frequent)


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
