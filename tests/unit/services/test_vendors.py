"""Choosing a vendor and a model: what is filled in, what is refused, and what stays here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.adapters.context_windows import GenaiContextWindows
from app.adapters.prices import GenaiPriceBook
from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt
from app.domain.errors import InputError, NotFoundError
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Certainty
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, Place, matching
from app.services.container import Services
from app.services.models import NewModel
from app.services.send import Stop
from tests.fakes.scripted import Stage
from tests.fakes.working import on

HERE = ModelRef("Mine", Dialect.OLLAMA, "http://127.0.0.1:11434", "llama3", Role.CHEAP, "Ollama")
ONLY_HERE = Matter("Larch", SendingPolicy(PolicyKind.THIS_COMPUTER))
ONLY_OLLAMA = Matter("Larch", SendingPolicy(PolicyKind.NAMED, frozenset({"Ollama"})))
ANYONE = Matter("Larch")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def new(**changed: Any) -> NewModel:
    return replace(NewModel("Mine", "", "", "some-model", "cheap"), **changed)


# What is filled in


def test_a_vendors_name_is_enough_for_its_dialect_and_address(stage: Stage) -> None:
    async def check(services: Services) -> ModelRef:
        return services.models.check(new(vendor="pebble"))

    model = on(stage, check)
    assert (model.vendor, model.dialect) == ("Pebble AI", Dialect.OPENAI_CHAT)
    assert model.base_url == "https://api.pebble.test/v1"


def test_a_dialect_of_the_vendors_own_can_be_chosen_and_no_other(stage: Stage) -> None:
    async def check(services: Services) -> ModelRef:
        with pytest.raises(InputError, match="not asked in “gemini”"):
            services.models.check(new(vendor="Pebble AI", dialect="gemini"))
        return services.models.check(new(vendor="Pebble AI", dialect="openai-responses"))

    assert on(stage, check).dialect is Dialect.OPENAI_RESPONSES


def test_an_address_and_dialect_that_were_given_are_kept_as_they_are(stage: Stage) -> None:
    async def check(services: Services) -> ModelRef:
        return services.models.check(
            new(vendor="House proxy", dialect="anthropic", base_url="https://proxy.firm.test/v1")
        )

    model = on(stage, check)
    assert (model.vendor, model.base_url) == ("House proxy", "https://proxy.firm.test")


@pytest.mark.parametrize(
    ("vendor", "base_url", "message"),
    [
        ("Summit Labs", "https://gateway.firm.test/v1", "not an address of Summit Labs"),
        ("pebble", "https://gateway.firm.test/v1", "not an address of Pebble AI"),
        ("Pebble AI", "http://127.0.0.1:11434/v1", "not an address of Pebble AI"),
        ("Pebble AI", "https://api.pebble.test.evil.test/v1", "not an address of Pebble AI"),
        ("Pebble AI", "https://api.summit.test", "is an address of Summit Labs, not of Pebble AI"),
        ("Ollama", "https://gpu.firm.test/v1", "not an address of Ollama"),
        ("House proxy", "https://api.pebble.test/v1", "is an address of Pebble AI, not of “House"),
    ],
)
def test_no_address_goes_by_a_name_that_matters_allow_for_another(
    stage: Stage, vendor: str, base_url: str, message: str
) -> None:
    typed = new(vendor=vendor, base_url=base_url, dialect="openai-chat")

    async def work(services: Services) -> list[ModelRef]:
        with pytest.raises(InputError, match=message) as error:
            await services.models.add(typed)
        assert error.value.problem.next_step.startswith("Leave the vendor out")
        model = await services.models.named("Pebble Flash")
        with pytest.raises(InputError, match=message):
            await services.models.change(model, typed)
        return await services.models.all()

    assert "Mine" not in [model.name for model in on(stage, work)]


@pytest.mark.parametrize(
    ("vendor", "base_url", "stands"),
    [
        ("House proxy", "http://127.0.0.1:11434/v1", "House proxy"),
        ("ollama", "http://127.0.0.1:4000/v1", "Ollama"),
        ("pebble ai", "http://127.0.0.1:4000/v1", "Pebble AI"),
        ("PEBBLE ai", "https://api.pebble.test/v2", "Pebble AI"),
        ("azure", "https://mine.openai.azure.com/openai/v1", "Azure OpenAI"),
        ("any", "https://gateway.firm.test/v1", ""),
        ("any", "https://api.pebble.test/v1", "Pebble AI"),
    ],
)
def test_an_address_stands_under_its_vendors_name_or_one_of_its_own(
    stage: Stage, vendor: str, base_url: str, stands: str
) -> None:
    async def check(services: Services) -> ModelRef:
        typed = new(vendor=vendor, base_url=base_url, dialect="openai-chat")
        return services.models.check(typed)

    assert on(stage, check).vendor == stands


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, "Neither a vendor nor an address"),
        ({"vendor": "Nobody"}, "“Nobody” is not a vendor of the list"),
        ({"vendor": "Azure OpenAI"}, "parts that only you know: resource"),
        ({"vendor": "azure", "base_url": "https://{resource}.openai.azure.com/openai/v1"},
         "still has parts to fill in: resource"),
        ({"vendor": "any"}, "has no address of its own"),
        ({"base_url": "https://x.test/v1"}, "is not a dialect"),
        ({"vendor": "Ollama", "model": "gpt-oss:120b-cloud", "local": True},
         "cannot be called local"),
        ({"vendor": "Pebble AI", "local": True}, "is not this computer"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(stage: Stage, changed: dict[str, Any], message: str) -> None:
    async def check(services: Services) -> None:
        with pytest.raises(InputError, match=message) as error:
            services.models.check(new(**changed))
        assert error.value.problem.next_step

    on(stage, check)


# What a list tells


def test_a_list_is_asked_with_the_key_that_was_given(stage: Stage) -> None:
    stage.offers.lists["api.pebble.test"] = (ListedModel("pebble-flash"),)

    async def ask(services: Services) -> tuple[ListedModel, ...]:
        place = services.vendors.place(services.vendors.named("PEBBLE ai"))
        return await services.vendors.models_at(place, ApiKey("sk-1"))

    assert [model.id for model in on(stage, ask)] == ["pebble-flash"]
    assert stage.offers.keys == ["sk-1"]
    assert stage.offers.asked[0].base_url == "https://api.pebble.test/v1"


def test_without_one_the_key_of_a_model_at_the_same_server_is_used_and_of_no_other(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path, pair=None)

    async def ask(services: Services) -> None:
        await services.models.add(new(vendor="pebble"), key=ApiKey("sk-kept"), this_run_only=True)
        services.keys._session.fetch = lambda name: ApiKey("sk-kept")  # type: ignore[method-assign]
        for address in ("https://api.pebble.test/v1", "https://api.pebble.test:8443/v1"):
            await services.vendors.models_at(Place(Dialect.OPENAI_CHAT, address))

    on(stage, ask)
    assert stage.offers.keys == ["sk-kept", None]


def test_context_and_price_come_from_the_list_or_else_from_what_is_known(stage: Stage) -> None:
    own = price_per_million("9", "9")
    stage.offers.lists["api.openai.com"] = (
        ListedModel("gpt-6-luna"),
        ListedModel("gpt-6.1-sol", context_tokens=5, price=own),
        ListedModel("brand-new", price=own),
        ListedModel("quite-unknown"),
    )

    async def ask(services: Services) -> tuple[ListedModel, ...]:
        vendors = services.vendors
        vendors._prices, vendors._windows = GenaiPriceBook(), GenaiContextWindows()
        return await vendors.models_at(Place(Dialect.OPENAI_CHAT, "https://api.openai.com/v1"))

    luna, sol, fresh, unknown = on(stage, ask)
    assert luna.price is not None
    assert (luna.context_tokens, luna.priced) == (1_050_000, True)
    assert (sol.context_tokens, sol.price, sol.priced) == (5, own, True)
    assert (fresh.price, fresh.priced) == (own, False)
    assert (unknown.price, unknown.context_tokens) == (None, None)


def test_an_unknown_vendor_gets_the_names_there_are(stage: Stage) -> None:
    async def ask(services: Services) -> None:
        with pytest.raises(NotFoundError, match="Pebble AI, Summit Labs"):
            services.vendors.named("nobody")
        with pytest.raises(InputError, match="no list to read"):
            services.vendors.place(services.vendors.named("azure"))

    on(stage, ask)


def test_the_search_finds_every_word_in_id_and_name_in_any_case() -> None:
    models = (ListedModel("gpt-6-luna", "GPT 6 Luna"), ListedModel("x/claude", "Claude Opus 5.5"))
    assert [m.id for m in matching(models, "OPUS claude")] == ["x/claude"]
    assert [m.id for m in matching(models, "6-l")] == ["gpt-6-luna"]
    assert matching(models, "  ") == models
    assert matching(models, "opus luna") == ()


# What stays on this computer


@pytest.mark.parametrize("model_id", ["gpt-oss:120b-cloud", "glm-5.2:cloud", "X:20B-Cloud"])
def test_a_cloud_model_is_not_on_this_computer_by_its_name_alone(model_id: str) -> None:
    model = replace(HERE, model=model_id)
    assert not model.on_this_computer
    assert model.provider == "Ollama Cloud"
    assert ONLY_HERE.policy.refuses(model, "Larch") is not None
    assert ONLY_OLLAMA.policy.refuses(model, "Larch") is not None
    assert HERE.on_this_computer


def test_a_model_that_is_handed_on_to_another_machine_is_received_by_that_machine() -> None:
    model = replace(HERE, forwards_to="big-box.lan")
    assert not model.on_this_computer
    assert model.provider == "big-box.lan"
    assert replace(HERE, base_url="https://far.test", forwards_to="x").handed_on_to == ""


def test_a_model_that_is_handed_on_is_added_as_such_and_never_as_local(stage: Stage) -> None:
    stage.offers.handed_on["llama3"] = "ollama.com"

    async def add(services: Services) -> ModelRef:
        with pytest.raises(InputError, match=r"is run by ollama\.com"):
            await services.models.add(new(vendor="ollama", model="llama3", local=True))
        await services.models.add(new(vendor="ollama", model="llama3"))
        return await services.models.named("Mine")

    model = on(stage, add)
    assert model.forwards_to == "ollama.com"
    assert not model.on_this_computer


def test_a_model_that_has_moved_to_a_cloud_since_is_no_longer_called_local(stage: Stage) -> None:
    async def move(services: Services) -> ModelRef:
        await services.models.add(new(vendor="ollama", model="llama3", local=True))
        assert not await services.models.look_again()
        stage.offers.handed_on["llama3"] = "ollama.com"
        assert await services.models.look_again()
        assert not await services.models.look_again()
        return await services.models.named("Mine")

    model = on(stage, move)
    assert (model.local, model.handed_on_to) == (False, "ollama.com")


def send(stage: Stage, model: ModelRef, matter: Matter) -> Answer:
    stage.cheap.says("Yes.")
    stage.cheap.finishes()

    async def ask(services: Services) -> Answer:
        sender = services.models._sender
        answer = Answer(Role.CHEAP, model)
        return (await sender.send(Prompt("?"), matter, answer, lambda _e: None, Stop())).answer

    return on(stage, ask)


@pytest.mark.parametrize("matter", [ONLY_HERE, ONLY_OLLAMA])
def test_what_began_to_be_handed_on_is_held_back_at_the_moment_of_sending(
    stage: Stage, matter: Matter
) -> None:
    stage.offers.handed_on["llama3"] = "ollama.com"
    answer = send(stage, HERE, matter)
    assert answer.state is AnswerState.BLOCKED
    assert answer.problem is not None
    assert "Ollama Cloud" in answer.problem.message
    assert stage.cheap.requests == []


def test_a_server_that_does_not_say_where_it_sends_is_sent_nothing_confidential(
    stage: Stage,
) -> None:
    stage.offers.handed_on["llama3"] = None
    answer = send(stage, HERE, ONLY_HERE)
    assert answer.state is AnswerState.BLOCKED
    assert answer.problem is not None
    assert answer.problem.kind == "blocked_by_policy"
    assert stage.cheap.requests == []


def test_a_model_that_stays_is_asked(stage: Stage) -> None:
    assert send(stage, HERE, ONLY_HERE).state is AnswerState.COMPLETE


def test_a_model_that_was_promised_to_be_local_is_not_asked_elsewhere_without_a_word(
    stage: Stage,
) -> None:
    local = replace(HERE, local=True)
    assert send(stage, local, ANYONE).cost.certainty is Certainty.FREE
    asked = len(stage.cheap.requests)
    stage.offers.handed_on["llama3"] = "ollama.com"
    answer = send(stage, local, ANYONE)
    assert answer.state is AnswerState.BLOCKED
    assert answer.problem is not None
    assert answer.problem.kind == "not_local"
    assert len(stage.cheap.requests) == asked


def test_an_answer_of_a_cloud_is_never_called_free(stage: Stage) -> None:
    answer = send(stage, replace(HERE, forwards_to="ollama.com"), ANYONE)
    assert answer.state is AnswerState.COMPLETE
    assert answer.cost.certainty is Certainty.UNKNOWN
    assert answer.model.provider == "Ollama Cloud"
