from typing import Any

import pytest
import torch

from embedded_t5.pooling import mean_state, word_states
from embedded_t5.prepare import prepare
from embedded_t5.run import Run
from embedded_t5.teacher import teacher_tokenizer
from embedded_t5.tokenizer import END, load_tokenizer, make_tokenizer
from embedded_t5.words import NOWHERE, aligned, place, spaces_before, word_of

TEXT = "the market number 35 is a place of many banks."


@pytest.fixture
def tokenizers(run: Run) -> list[Any]:
    """Ours and the teacher's."""
    prepare(run)
    make_tokenizer(run)
    return [load_tokenizer(run.folder("tokenizer")), teacher_tokenizer()]


def test_both_tokenizers_see_the_words_between_spaces(tokenizers: list[Any]) -> None:
    for tokenizer in tokenizers:
        [placed] = place(tokenizer, [TEXT], 64)
        inner = [at for at in placed.places if at != NOWHERE]
        assert sorted(set(inner)) == list(range(len(TEXT.split())))
        assert inner == sorted(inner)
        for number, word in enumerate(TEXT.split()):
            ids = [token for token, at in zip(*placed, strict=True) if at == number]
            assert tokenizer.decode(ids).replace(" ", "") == word


def test_a_text_has_the_tokens_that_it_has_elsewhere_and_a_long_one_keeps_its_last(tokenizers: list[Any]) -> None:
    for tokenizer in tokenizers:
        [whole], [cut] = place(tokenizer, [TEXT], 64), place(tokenizer, [TEXT], 6)
        assert whole.ids == tokenizer(TEXT)["input_ids"]
        assert whole.ids[-1] in (END, tokenizer.sep_token_id)
        assert cut.ids == [*whole.ids[:5], whole.ids[-1]]
        assert cut.places == [*whole.places[:5], NOWHERE]


def test_a_space_counts_to_the_word_after_it() -> None:
    before = spaces_before("up 35 now")
    assert [word_of(before, *span) for span in ((0, 2), (2, 3), (3, 5), (5, 9), (9, 9))] == [0, 1, 1, 2, NOWHERE]


def test_a_batch_is_as_wide_as_it_is_told(tokenizers: list[Any]) -> None:
    pairs = list(zip(*(place(tokenizer, [TEXT, "oil"], 64) for tokenizer in tokenizers), strict=True))
    batch = aligned(pairs, 80)
    assert {array.shape for array in batch} == {(2, 80)}
    assert (batch.places[batch.ids == 0] == NOWHERE).all()


def test_states_of_words_are_means_over_their_tokens() -> None:
    states = torch.arange(10.0).view(1, 5, 2)
    found, there = word_states(states, torch.tensor([[-1, 0, 0, 2, -1]]))
    assert there.tolist() == [[True, False, True, False, False]]
    assert found[0, 0].tolist() == [3, 4]
    assert found[0, 2].tolist() == [6, 7]


def test_words_beyond_the_width_are_left_out() -> None:
    found, there = word_states(torch.ones(1, 2, 1), torch.tensor([[0, 70]]))
    assert there.tolist() == [[True, False]]
    assert found.flatten().tolist() == [1, 0]


def test_padding_does_not_count_in_the_mean() -> None:
    states = torch.tensor([[[1.0], [3.0], [100.0]]])
    assert mean_state(states, torch.tensor([[1, 1, 0]])).tolist() == [[2.0]]
