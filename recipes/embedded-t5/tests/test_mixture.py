import random
from dataclasses import replace

import numpy
import pytest
import torch
from by_hand import restored
from torch import nn

from embedded_t5 import pools
from embedded_t5 import prompts as asking
from embedded_t5.batches import mask_of, pad
from embedded_t5.dropout import QuickDropout
from embedded_t5.gradients import Replays
from embedded_t5.mixture import Mixture, learn_prompts
from embedded_t5.optimiser import RelativeAdam
from embedded_t5.pools import LONGEST_TEXT, Asked, Pools
from embedded_t5.prepare import TaskRow, prepare
from embedded_t5.run import Run, read_json
from embedded_t5.spans import IGNORED
from embedded_t5.t5 import answer_logits, encode, for_training, load_model, new_model
from embedded_t5.table import embedded_texts
from embedded_t5.teacher import WIDTH
from embedded_t5.tokenizer import END, load_tokenizer, make_tokenizer


@pytest.fixture
def prompts(run: Run, monkeypatch: pytest.MonkeyPatch) -> Mixture:
    """The mixture of prompts alone, over a random model."""
    run = replace(run, config=replace(run.config, vocabulary=replace(run.config.vocabulary, pieces=100)))
    prepare(run)
    make_tokenizer(run)
    rows = [TaskRow(f"mill number {number} falls", 0, "wire", (0.5, 0.2, 0.3)) for number in range(9)]
    monkeypatch.setattr(pools, "read_opinions", lambda _: rows)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model = nn.ModuleDict({"t5": new_model(run.config.model, len(tokenizer))})
    phase = replace(run.config.prompts, embedding=0, span=0, word=0)
    return Mixture(run, phase, model, tokenizer)


def by_hand(made: Mixture, asked: Asked, row: int) -> float:
    """The expected loss over the answers that the first token decides, the rest as it was drawn."""
    ids = pad([[token for token in asked.ids[row] if token]])
    answer = [token for token in asked.answers[row].tolist() if token != IGNORED]
    logits = answer_logits(made.model["t5"], ids, mask_of(ids), pad([answer]))[0].log_softmax(-1)
    loss = -sum(
        share * logits[0, token].item() for token, share in zip(asked.first[row], asked.shares[row], strict=True)
    )
    loss -= sum(logits[at, token].item() for at, token in enumerate(answer) if at)
    return float(loss)


def test_the_first_token_is_compared_with_all_answers(prompts: Mixture) -> None:
    for batch in prompts.pools.prompt_pool(random.Random(1), 0):
        with torch.inference_mode():
            found = prompts.prompt_loss(*map(torch.from_numpy, batch)).item()
            expected = sum(by_hand(prompts, batch, row) for row in range(len(batch.ids)))
        assert found == pytest.approx(expected / (batch.answers != IGNORED).sum(), abs=1e-4)


def test_of_several_seeds_the_base_is_the_mean(run: Run) -> None:
    prepare(run)
    make_tokenizer(run)
    vocabulary = len(load_tokenizer(run.folder("tokenizer")))
    new_model(run.config.model, vocabulary).save_pretrained(run.material.root / "base")
    phase = replace(run.config.prompts, start="base", seeds=2, steps=2, embedding=0, span=0, prompt=0, word=1)
    run = replace(run, config=replace(run.config, prompts=phase))
    learn_prompts(run)
    folder = run.folder("prompts")
    one, other, mean = (load_model(folder / name / "model").state_dict() for name in ("seed-0", "seed-1", "."))
    assert not one["shared.weight"].equal(other["shared.weight"])
    for name, values in mean.items():
        assert torch.allclose(values, (one[name] + other[name]) / 2, atol=1e-6)
    heads = [torch.load(folder / name / "head.pt")["weight"] for name in ("seed-0", "seed-1", ".")]
    assert torch.allclose(heads[2], (heads[0] + heads[1]) / 2, atol=1e-6)
    assert (heads[0] - heads[1]).abs().mean() < heads[0].abs().mean() / 2
    record = read_json(run.out / "prompts.json")
    assert [each["threads"] for each in record["seeds"]] == [max(1, torch.get_num_threads() // 2)] * 2
    assert [each["criticsHeldOut"]["rows"] for each in [*record["seeds"], record]] == [1, 1, 1]
    learn_prompts(run)
    assert load_model(folder / "model").shared.weight.equal(mean["shared.weight"])
    learn_prompts(replace(run, config=replace(run.config, prompts=replace(phase, start_share=0.25))))
    before = load_model(run.material.root / "base").state_dict()
    for name, values in load_model(folder / "model").state_dict().items():
        assert torch.allclose(values, 0.75 * mean[name] + 0.25 * before[name], atol=1e-6)


def test_soft_and_plain_labels_lie_side_by_side(prompts: Mixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LEAN_MEAN", 0.0)
    monkeypatch.setattr(asking, "LEAN_DEVIATION", 0.0)
    shares = [row for batch in prompts.pools.prompt_pool(random.Random(1), 0) for row in batch.shares.tolist()]
    softly = [row[:3] for row in shares if sum(share > 0 for share in row) == 3]
    assert softly and all(sorted(row) == pytest.approx([0.2, 0.3, 0.5]) for row in softly)
    assert any(row[0] == 1 and not any(row[1:]) for row in shares)


def test_words_and_texts_are_compared_with_the_teachers(run: Run) -> None:
    prepare(run)
    make_tokenizer(run)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    model = nn.ModuleDict(
        {"t5": new_model(run.config.model, len(tokenizer)), "head": nn.Linear(run.config.model.d_model, WIDTH)}
    ).eval()
    phase = replace(run.config.prompts, embedding=0, span=0, prompt=0, word=1, pool=7, word_tokens=200)
    made = Mixture(run, phase, model, tokenizer)
    for batch in made.pools.word_pool(random.Random(1), 0):
        assert batch.ids.shape[1] == max((batch.ids > 0).sum(1).max(), (batch.teacher_ids > 0).sum(1).max())
        words, wholes = [], []
        with torch.inference_mode():
            found = made.word_loss(*map(torch.from_numpy, batch)).item()
            for ids, places, teacher_ids, teacher_places in zip(*batch, strict=True):
                seen, seen_places = pad([teacher_ids[teacher_ids > 0]]), teacher_places[teacher_ids > 0]
                mine = model["head"](encode(model["t5"], pad([ids[ids > 0]]), mask_of(pad([ids[ids > 0]]))))[0]
                theirs = made.teacher.states(seen, mask_of(seen))[0]
                for word in set(places[places >= 0]) & set(seen_places[seen_places >= 0]):
                    one, other = mine[places[ids > 0] == word].mean(0), theirs[seen_places == word].mean(0)
                    words.append(torch.cosine_similarity(one, other, dim=0).item())
                wholes.append(torch.cosine_similarity(mine.mean(0), theirs.mean(0), dim=0).item())
        assert len(words) > len(wholes)
        assert found == pytest.approx(2 - sum(words) / len(words) - sum(wholes) / len(wholes), abs=1e-4)


def test_for_training_it_computes_what_the_reference_does(run: Run) -> None:
    model = new_model(run.config.model, 108).eval()
    ids, answers = pad([[5, 6, 7, 1], [8, 9, 1]]), pad([[11, 12, 1], [13, 1]], IGNORED)
    mask, previous = mask_of(ids), torch.tensor([[0, 11, 12], [0, 13, 1]])
    with torch.inference_mode():
        logits = model(input_ids=ids, attention_mask=mask, decoder_input_ids=previous).logits
        states = model.get_encoder()(input_ids=ids, attention_mask=mask).last_hidden_state
        for trained in (model, for_training(model)):
            assert torch.allclose(answer_logits(trained, ids, mask, answers), logits, atol=1e-4)
            there = mask.bool()
            assert torch.allclose(encode(trained, ids, mask)[there], states[there], atol=1e-4)
    assert {type(module) for module in model.modules()} & {nn.Dropout, QuickDropout} == {QuickDropout}


@pytest.mark.parametrize("multiple", [1, 8])
def test_pools_hold_the_texts(run: Run, monkeypatch: pytest.MonkeyPatch, multiple: int) -> None:
    monkeypatch.setattr(Run, "multiple", multiple)
    vocabulary = replace(run.config.vocabulary, pieces=100, sentinels=40)
    run = replace(run, config=replace(run.config, vocabulary=vocabulary))
    prepare(run)
    make_tokenizer(run)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    texts = embedded_texts(run)
    made = Pools(run, replace(run.config.prompts, prompt=0, word=0, span=1, pool=50), tokenizer)
    for views in made.embedding_pool(random.Random(1), 0):
        assert views.ids.shape[1] % multiple == 0
        for index, row in zip(views.indexes, views.ids.tolist(), strict=True):
            ids = tokenizer(texts[index], add_special_tokens=False)["input_ids"][: LONGEST_TEXT - 1]
            assert [token for token in row if token] == [*ids, END]
    known = {tuple(made.texts[index][: LONGEST_TEXT - 1].tolist()) for index in range(len(texts))}
    for blanks in made.span_pool(random.Random(1), 0):
        assert blanks.ids.shape[1] % multiple == blanks.answers.shape[1] % multiple == 0
        for kept, target in zip(blanks.ids.tolist(), blanks.answers.tolist(), strict=True):
            assert tuple(restored(kept, target, vocabulary.pieces)) in known


def test_too_few_sentinels_are_refused(run: Run) -> None:
    prepare(run)
    make_tokenizer(run)
    with pytest.raises(SystemExit, match=r"vocabulary\.sentinels"):
        Pools(run, replace(run.config.prompts, prompt=0, word=0, span=1), load_tokenizer(run.folder("tokenizer")))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_replayed_training_ends_where_a_plain_one_does() -> None:
    def trained(plain: bool) -> torch.Tensor:
        torch.manual_seed(1)
        layer, replays = nn.Linear(4, 1).cuda(), Replays(torch.device("cuda"))
        replays.on_gpu = replays.on_gpu and not plain
        optimiser = RelativeAdam([(layer.parameters(), 1e-2)], 20)

        def work(wanted: torch.Tensor) -> torch.Tensor:
            loss = (layer(wanted) - 1).square().mean()
            loss.backward()
            return loss.detach()

        with replays.at_work():
            for step in range(20):
                replays.do("loss", work, [numpy.full((2 + step % 3, 4), step, numpy.float32)])
                optimiser.step(step, replays)
        return layer.weight.detach().cpu()

    assert torch.allclose(trained(plain=True), trained(plain=False), atol=1e-5)
