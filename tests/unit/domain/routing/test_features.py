import json
import subprocess
import sys

import numpy as np
import pytest

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.features import SIMPLE, FeatureSpace
from app.domain.routing.question import Question, Task, instruction, task_of

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
        "import json;from app.domain.routing.defaults import RuleDefaults;"
        "from app.domain.routing.features import FeatureSpace;"
        "from app.domain.routing.question import Question;"
        f"q=Question({PROMPT.text!r},{PROMPT.matter!r},{PROMPT.tags!r},{PROMPT.attachment_chars});"
        "print(json.dumps(FeatureSpace.over([q],RuleDefaults()).vector(q).tolist()))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    here = FeatureSpace.over([PROMPT], RuleDefaults()).vector(PROMPT)
    assert json.loads(again) == here.tolist()


def test_features_stay_finite_for_the_strangest_prompt() -> None:
    for text in ("", "?", "\n" * 9, "𝔘𝔫𝔦 \ud800", "契約" * 4000, "1" * 100_000):
        question = Question(text, "Untagged")
        row = FeatureSpace.over([question], RuleDefaults()).vector(question)
        assert np.isfinite(row).all()


def test_a_tag_that_was_never_voted_on_widens_the_doubt() -> None:
    space = FeatureSpace.over([PROMPT], RuleDefaults())
    assert space.unseen_variance(PROMPT) == 0
    assert space.unseen_variance(Question("x", "Larch", ("new",))) > 0
    assert space.unseen_variance(Question("x", "Elsewhere", ("new",))) > space.unseen_variance(
        Question("x", "Elsewhere")
    )


def test_no_prompts_make_an_empty_matrix() -> None:
    space = FeatureSpace.over([], RuleDefaults())
    assert space.matrix([]).shape == (0, space.own)
    assert space.own > SIMPLE
