import json
import subprocess
import sys

import numpy as np
import pytest

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.features import ASPECTS, WIDTH, features
from app.domain.routing.lexicon import LISTS, lists_of
from app.domain.routing.question import Question, Task, instruction, task_of
from app.domain.routing.space import Space

PROMPT = Question("Summarise clause 14.2 for Müller — by 18 March?", "Larch", ("notice",), 1200)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Summarise the lease in five points.", Task.SUMMARY),
        ("Extract all dates and deadlines from Schedule 2.", Task.EXTRACTION),
        ("Rewrite this clause in plain language.", Task.REWRITE),
        ("Draft a letter to the tenant.", Task.DRAFT),
        ("Analyse whether relief is available.", Task.ANALYSIS),
        ("Is notice by e-mail enough under clause 22?", Task.QUESTION),
        ("Clause 22.", None),
        ("", None),
    ],
)
def test_a_prompt_is_counted_under_the_work_it_asks_for(text: str, task: Task | None) -> None:
    assert task_of(text) is task


def test_the_first_instruction_names_the_work() -> None:
    assert task_of("Summarise the memo, then draft a reply.") is Task.SUMMARY


def test_a_pasted_document_does_not_hide_the_instruction() -> None:
    text = "Extract the dates.\n" + "lorem ipsum " * 50_000 + "\nKeep the clause numbers."
    assert task_of(text) is Task.EXTRACTION
    assert len(instruction(text)) < 3_000


def test_the_same_prompt_has_the_same_features_after_a_restart() -> None:
    code = (
        "import json;from app.domain.routing.features import features;"
        f"print(json.dumps(features({PROMPT.text!r}, 1200).tolist()))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(again) == features(PROMPT.text, 1200).tolist()


def test_features_stay_finite_and_tame_for_the_strangest_prompt() -> None:
    for text in ("", "?", "\n" * 9, "𝔘𝔫𝔦 \ud800", "契約" * 4000, "1" * 100_000, "the " * 90_000):
        row = features(text)
        assert row.shape == (WIDTH,)
        assert np.isfinite(row).all()
        assert np.abs(row).max() < 10


def test_every_feature_has_a_side_that_a_reason_can_name() -> None:
    assert len(ASPECTS) == WIDTH
    assert {lists_of("tenants"), lists_of("tenant")} == {lists_of("tenant")}
    names = list(LISTS)
    assert [names[place] for place in lists_of("indemnities")] == ["law"]
    assert [names[place] for place in lists_of("probability")] == ["chance"]
    assert lists_of("zzz") == ()


def test_what_is_alike_shares_features_tags_or_a_matter() -> None:
    others = [
        PROMPT,
        Question(PROMPT.text, "Larch", (), 1200),
        Question(PROMPT.text, "Oceanic", (), 1200),
        Question("def f(x): return x", "Oceanic"),
    ]
    space = Space.over(others, RuleDefaults())
    rows = space.encode(others)
    covariance = space.covariance(rows, rows)
    assert covariance[0, 0] > covariance[0, 1] > covariance[0, 2] > covariance[0, 3] > 0
    assert np.linalg.eigvalsh(covariance).min() > -1e-9
    assert space.variance(rows)[0] == pytest.approx(covariance[0, 0])


def test_a_tag_that_was_never_voted_on_widens_the_doubt() -> None:
    space = Space.over([PROMPT], RuleDefaults())
    plain, tagged = space.encode([Question("x", "Larch"), Question("x", "Larch", ("new",))]), None
    tagged = space.variance(plain)
    assert tagged[1] > tagged[0]


def test_no_prompts_make_an_empty_matrix() -> None:
    space = Space.over([], RuleDefaults())
    rows = space.encode([])
    assert space.covariance(rows, rows).shape == (0, 0)
