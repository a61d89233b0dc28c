"""Models, matters, tags and settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.adapters.storage.history import SqlHistory
from app.domain.errors import InputError
from app.domain.matter import UNTAGGED, Matter, PolicyKind, SendingPolicy
from app.domain.model import Dialect, KeySource, ModelRef, Role, Sampling
from app.domain.money import Price
from tests.fakes.history_samples import CHEAP, FRONTIER, asked, model, turn, waiting

FULL = ModelRef(
    name="Claude",
    dialect=Dialect.ANTHROPIC,
    base_url="https://api.example.com",
    model="claude-x",
    role=Role.FRONTIER,
    vendor="Anthropic",
    system_prompt="Be brief.\n",
    max_output_tokens=2_048,
    key_source=KeySource.ENVIRONMENT,
    key_name="MY_KEY",
    local=True,
    price=Price(
        Decimal("3.00"), Decimal(15), "EUR", Decimal("0.3"), None, "mine", date(2026, 2, 1)
    ),
    sampling=Sampling(0.7, 1.1, 42),
    forwards_to="big-box.lan",
)


def test_a_model_survives_a_restart_in_every_point(history: SqlHistory) -> None:
    added = history.add_model(FULL)
    assert added.id > 0
    assert history.models() == [added]
    assert replace(added, id=0) == FULL


def test_models_are_listed_in_the_order_they_were_added(history: SqlHistory) -> None:
    names = ["Zeta", "Alpha", "Mid"]
    for name in names:
        history.add_model(model(Role.CHEAP, name))
    assert [item.name for item in history.models()] == names


def test_two_models_in_use_never_share_a_name(history: SqlHistory) -> None:
    first = history.add_model(model(Role.CHEAP, "GPT"))
    with pytest.raises(InputError, match="already a model called “gpt”"):
        history.add_model(model(Role.FRONTIER, "gpt"))
    history.remove_model(first.id)
    assert history.add_model(model(Role.FRONTIER, "gpt")).id != first.id


def test_a_new_version_takes_the_place_of_a_model_or_nothing_changes(history: SqlHistory) -> None:
    first, other = history.add_model(CHEAP), history.add_model(FRONTIER)
    second = history.replace_model(first.id, replace(CHEAP, model="cheap-2"))
    assert history.models() == [other, second]
    with pytest.raises(InputError, match="already a model called"):
        history.replace_model(second.id, replace(CHEAP, name=other.name))
    assert history.models() == [other, second], "the one there was is still in use"


def test_answers_of_a_removed_model_stay_readable_as_they_were_asked(history: SqlHistory) -> None:
    added = history.add_model(CHEAP)
    begun = history.begin_turn(turn(answers=waiting(added, FRONTIER)))
    history.remove_model(added.id)
    changed = history.add_model(replace(CHEAP, model="cheap-2"))
    read = history.turn(begun.id)
    assert read is not None
    assert read.answers[0].model == added
    assert history.models() == [changed]


def test_being_asked_once_puts_no_model_on_the_list(history: SqlHistory) -> None:
    practice = model(Role.CHEAP, "Setting one", practice=True)
    history.begin_turn(turn(answers=waiting(practice, FRONTIER)))
    history.add_model(model(Role.FRONTIER, "Setting two", practice=True))
    assert history.models() == []


def test_an_answer_finds_the_identical_version_and_never_a_similar_one(history: SqlHistory) -> None:
    added = history.add_model(CHEAP)
    other = replace(CHEAP, system_prompt="Answer in French.", id=added.id)
    same, different = (
        history.begin_turn(turn(answers=waiting(item))).answers[0].model for item in (CHEAP, other)
    )
    assert same.id == added.id
    assert different.id != added.id
    again = history.begin_turn(turn(answers=waiting(other))).answers[0].model
    assert again.id == different.id


def test_untagged_always_exists_and_comes_first(history: SqlHistory) -> None:
    for name in ("beta", "Alpha", "Zulu"):
        history.save_matter(Matter(name))
    assert [item.name for item in history.matters()] == [UNTAGGED, "Alpha", "beta", "Zulu"]
    untagged = history.matter("UNTAGGED")
    assert untagged is not None
    assert untagged.policy == SendingPolicy()


def test_a_matters_policy_is_kept_and_found_in_any_case(history: SqlHistory) -> None:
    named = SendingPolicy(PolicyKind.NAMED, frozenset({"Anthropic", "Mistral"}))
    saved = history.save_matter(Matter("Müller ./. Weiß", named))
    assert history.matter("MU\u0308LLER ./. WEISS ") == saved
    local = SendingPolicy(PolicyKind.THIS_COMPUTER)
    changed = history.save_matter(Matter("müller ./. weiß", local))
    assert changed == replace(saved, policy=local)
    assert history.matter("nobody") is None


def test_a_prompt_under_a_known_matter_keeps_its_policy(history: SqlHistory) -> None:
    local = SendingPolicy(PolicyKind.THIS_COMPUTER)
    history.save_matter(Matter("Acme", local))
    stored = asked(history, matter="ACME")
    assert stored.prompt.matter == "Acme"
    asked(history, matter="New one")
    assert [(item.name, item.policy) for item in history.matters()] == [
        (UNTAGGED, SendingPolicy()),
        ("Acme", local),
        ("New one", SendingPolicy()),
    ]


def test_tags_are_offered_the_most_used_first_and_vanish_with_their_last_turn(
    history: SqlHistory,
) -> None:
    asked(history, tags=("lease", "urgent"))
    asked(history, tags=("lease",))
    last = asked(history, tags=("secret deal",))
    assert history.tags() == ["lease", "secret deal", "urgent"]
    history.delete_turn(last.id)
    assert history.tags() == ["lease", "urgent"]


def test_a_setting_is_kept_and_replaced(history: SqlHistory) -> None:
    assert history.setting("theme") is None
    history.set_setting("theme", "dark")
    history.set_setting("theme", "light")
    assert history.setting("theme") == "light"
