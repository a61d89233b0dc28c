from __future__ import annotations

import asyncio
import getpass
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.model import KeySource, Role
from app.services.container import About, Services
from app.services.problem_report import problem_report, safe_kind
from tests.fakes.history_samples import ended, turn
from tests.fakes.scripted import CHEAP, FRONTIER, Stage

SECRET_PLACES = (
    "Does the Hartwell e-mail count", "The answer quotes Hartwell", "Hartwell v. Oceanic",
    "privileged-tag", "Pebble", "Summit", "pebble.test", "summit.test", "MY_KEY_VARIABLE",
    "Not sent to", "sk-",
)  # fmt: skip


@pytest.fixture
def services(tmp_path: Path) -> Services:
    keyed = replace(CHEAP, key_source=KeySource.ENVIRONMENT, key_name="MY_KEY_VARIABLE")
    stage = Stage(tmp_path / getpass.getuser(), pair=(keyed, FRONTIER))
    stage.folder.mkdir()
    history = stage._history()
    models = {model.role: model for model in history.models()}
    history.save_matter(
        Matter("Hartwell v. Oceanic", SendingPolicy(PolicyKind.NAMED, frozenset({"Summit Labs"})))
    )
    begun = history.begin_turn(
        turn(
            "Does the Hartwell e-mail count as notice?",
            matter="Hartwell v. Oceanic",
            tags=("privileged-tag",),
            answers=tuple(Answer(role, models[role]) for role in Role),
        )
    )
    kinds = ("rate_limited", "sk-live-123 Not sent to Hartwell")
    for answer, kind in zip(begun.answers, kinds, strict=True):
        problem = Problem(kind, "Not sent to api.pebble.test", "Ask Hartwell.")
        broken = ended(answer, "The answer quotes Hartwell.", AnswerState.FAILED)
        history.finish_answer(replace(broken, problem=problem), ())
    history.close()
    return stage.open()


def report_of(services: Services) -> str:
    async def write() -> str:
        try:
            return await problem_report(services)
        finally:
            await services.close()

    return asyncio.run(write())


def test_no_prompt_name_address_key_or_folder_is_in_a_report(services: Services) -> None:
    text = report_of(services)
    for words in SECRET_PLACES:
        assert words.casefold() not in text.casefold()
    assert str(services.about().data_folder) not in text


def test_a_report_counts_what_there_is_and_names_the_kinds_of_problems(services: Services) -> None:
    text = report_of(services)
    assert "Prompts: 1, voted on: 0" in text
    assert "Answers by state: failed 2" in text
    assert "by role: cheap 1, frontier 1" in text
    assert "environment 1" in text
    assert "named 1" in text
    assert "cheap: failed, rate_limited" in text
    assert "frontier: failed, another kind" in text


def test_a_report_can_be_made_when_the_history_cannot_be_read(
    services: Services, tmp_path: Path
) -> None:
    broken = Stage(tmp_path / "broken")
    broken.folder.mkdir()
    (broken.folder / "counterpart.db").write_bytes(b"this is no database" * 99)
    text = report_of(broken.open())
    assert text.startswith("Counterpart")
    assert "Not readable:" in text
    asyncio.run(services.close())


def test_a_report_tells_the_versions_and_the_keychain(services: Services) -> None:
    facts = About("9.9.9", Path("secret-user"), True, (("Qt", "6.11", "LGPL"),), "Linux x86_64")
    text = report_of(replace(services, about=lambda: facts))
    assert "Counterpart 9.9.9 (sample history)" in text
    assert "System: Linux x86_64" in text
    assert "Qt 6.11" in text
    assert "Keychain: works" in text
    assert "secret-user" not in text


@pytest.mark.parametrize("kind", ["", "Rate limited", "a" * 41, "sk-123", "café", "9lives"])
def test_only_identifiers_of_ours_pass_as_a_kind(kind: str) -> None:
    assert safe_kind(kind) == "another kind"
