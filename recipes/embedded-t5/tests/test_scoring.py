import torch

from embedded_t5.metrics import score
from embedded_t5.prepare import prepare
from embedded_t5.run import Run, seed_everything
from embedded_t5.scoring import label_scores
from embedded_t5.t5 import new_model
from embedded_t5.tokenizer import load_tokenizer, make_tokenizer, word_ids


def test_scores_by_hand() -> None:
    assert score([0, 0, 1, 2], [0, 1, 1, 0]) == {"accuracy": 0.5, "macroF1": 0.3889, "rows": 4}


def test_a_label_scores_the_sum_of_its_tokens_and_a_batch_changes_nothing(run: Run) -> None:
    prepare(run)
    make_tokenizer(run)
    tokenizer = load_tokenizer(run.folder("tokenizer"))
    seed_everything(2)
    model = new_model(run.config.model, len(tokenizer)).eval()
    prompts, labels = ["bank rises sentiment:", "a much longer text of the market sentiment:"], ["good bank", "bad"]
    found = label_scores(run, model, tokenizer, prompts, labels)
    ids = torch.tensor([tokenizer(prompts[0])["input_ids"]])
    target = torch.tensor([word_ids(tokenizer, labels[0])])
    loss = model(input_ids=ids, labels=target).loss
    assert torch.isclose(found[0, 0], -loss * target.shape[1], atol=1e-4)
