import random
from collections import Counter
from dataclasses import replace

import pytest

from embedded_t5.export import task
from embedded_t5.prepare import TaskRow
from embedded_t5.prompts import TASKS, Examples, by_share, few_shot_prompt, short_prompt


def test_prompts_by_hand() -> None:
    assert short_prompt("shares fall") == "shares fall sentiment:"
    assert few_shot_prompt([("up", "positive")], "down") == "up sentiment: positive. down sentiment:"


def test_every_answer_is_a_label_word_of_the_row() -> None:
    rows = [TaskRow(f"text {number} of {name}", number % 2, name) for name in TASKS for number in range(12)]
    examples, rng = Examples(rows), random.Random(1)
    for index in range(len(examples.rows)):
        row = examples.rows[index]
        prompt, answer, shares = examples.draw(index, rng)
        assert shares == {answer: 1.0}
        assert row.text in prompt
        assert answer in {words[row.label] for words in TASKS[row.task].label_sets}


def test_a_share_repeats_rows_or_thins_them_out_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"news": 2.0, "opinion": 0.25, "wire": 1.0, "review": 1.5}
    for name, share in shares.items():
        monkeypatch.setitem(TASKS, name, replace(TASKS[name], share=share))
    rows = [TaskRow(f"text {number}", 0, task) for task in shares for number in range(8)]
    counts = Counter((row.task, row.text) for row in by_share(rows))
    assert [counts["news", f"text {number}"] for number in range(8)] == [2] * 8
    assert [counts["opinion", f"text {number}"] for number in range(8)] == [0, 0, 0, 1, 0, 0, 0, 1]
    assert [counts["wire", f"text {number}"] for number in range(8)] == [1] * 8
    assert [counts["review", f"text {number}"] for number in range(8)] == [1, 2] * 4


def test_question_types_are_in_the_order_of_the_file() -> None:
    words = TASKS["question"].label_sets[0]
    assert words[4:] == ("location", "number")


def test_the_task_file_says_how_it_was_trained() -> None:
    written = task()
    assert written["prompt"]["template"] == "{text} sentiment:"
    assert "{text} sentiment: options: {options}" in written["prompt"]["alternatives"]
    assert "what is the sentiment of this {kind}? {text} options: {options}" in written["prompt"]["alternatives"]
