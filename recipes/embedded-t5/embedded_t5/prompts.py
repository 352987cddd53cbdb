"""The prompts that the model learns to answer; `task.json` of the published folder says the same to the page."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from embedded_t5.material import SENTIMENTS
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
# Shares of the examples with demonstrations and of those in the short form; the rest list the options.
WITH_DEMONSTRATIONS, SHORT = 0.2, 0.45

POLAR = (("negative", "positive"),) * 4 + (("bad", "good"), ("terrible", "great"))
OPINIONS = (SENTIMENTS,) * 4 + (("bearish", "bullish", "neutral"),) * 2 + (("bad", "good", "neutral"),)


@dataclass(frozen=True)
class Task:
    """One kind of task: what a text is called, what is asked, its label sets, and how often each row counts."""

    kind: str
    subject: str
    label_sets: tuple[tuple[str, ...], ...]
    repeat: int = 1


TASKS = {
    "news": Task("news", "sentiment", OPINIONS, repeat=3),
    "wire": Task("news", "sentiment", OPINIONS),
    "review": Task("review", "sentiment", POLAR),
    "phrase": Task("phrase", "sentiment", POLAR),
    "stars": Task("review", "sentiment", (("terrible", "bad", "okay", "good", "great"),)),
    "subjectivity": Task("text", "type", (("subjective", "objective"),)),
    "question": Task("question", "type", (("description", "entity", "expression", "human", "location", "number"),)),
    "opinion": Task("text", "sentiment", OPINIONS),
}


def short_prompt(text: str, ask: str = "sentiment:") -> str:
    """The prompt of the finance adapter and of every zero-shot figure."""
    return TEMPLATE.format(text=text, ask=ask)


def few_shot_prompt(demonstrations: Sequence[tuple[str, str]], text: str, ask: str = "sentiment:") -> str:
    """Answered examples (text, label words) and then the query."""
    answered = [f"{short_prompt(shown, ask)} {label}." for shown, label in demonstrations]
    return " ".join([*answered, short_prompt(text, ask)])


class Examples:
    """Makes prompt and answer out of a row: the form, the label set and the demonstrations are drawn."""

    def __init__(self, rows: Sequence[TaskRow]) -> None:
        self.rows = [row for row in rows for _ in range(TASKS[row.task].repeat)]
        self.by_label: dict[str, dict[int, list[TaskRow]]] = {}
        for row in rows:
            self.by_label.setdefault(row.task, {}).setdefault(row.label, []).append(row)

    def draw(self, index: int, rng: random.Random) -> tuple[str, str]:
        """Prompt and answer for the row at `index`."""
        row = self.rows[index]
        task = TASKS[row.task]
        words = rng.choice(task.label_sets)
        answer = words[drawn_label(row, rng)]
        ask, form = f"{task.subject}:", rng.random()
        if form < WITH_DEMONSTRATIONS and len(row.text) < LONGEST_QUERY:
            shown = [self.demonstration(row, rng) for _ in range(rng.randint(1, MAX_DEMONSTRATIONS))]
            pairs = [(other.text[:LONGEST_DEMONSTRATION], words[other.label]) for other in shown]
            return few_shot_prompt(pairs, row.text, ask), answer
        if form < WITH_DEMONSTRATIONS + SHORT:
            return short_prompt(row.text, ask), answer
        options = SEPARATOR.join(rng.sample(words, len(words)))
        template = rng.choice(WITH_OPTIONS)
        prompt = template.format(text=row.text, ask=ask, subject=task.subject, kind=task.kind, options=options)
        return prompt, answer

    def demonstration(self, query: TaskRow, rng: random.Random) -> TaskRow:
        """A row of the query's task with another text; there must be one. All labels are equally likely, as
        people show examples of each, and the model must not take what is shown for what is common."""
        by_label = self.by_label[query.task]
        while (other := rng.choice(by_label[rng.choice(list(by_label))])).text == query.text:
            pass
        return other


def drawn_label(row: TaskRow, rng: random.Random) -> int:
    """The row's label; where a teacher gave probabilities, drawn anew each time, so that the expected loss is the
    cross-entropy against them."""
    labels = range(len(row.probabilities))
    return rng.choices(labels, row.probabilities)[0] if row.probabilities else row.label
