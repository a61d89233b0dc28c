"""Two changes at once: neither undoes the other, and of two of one thing the last one holds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InputError, NotFoundError
from app.domain.model import KeySource, ModelRef
from app.domain.money import Price
from app.domain.secret import ApiKey
from app.services.container import Services
from app.services.models import NewModel
from app.services.preferences import Preferences
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Stage
from tests.fakes.working import on


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, second_model=SECOND, third_model=THIRD)


def names(models: tuple[ModelRef, ...]) -> list[str]:
    return [model.name for model in models]


def test_two_preferences_changed_at_once_are_both_kept(stage: Stage) -> None:
    async def work(services: Services) -> Preferences:
        change = services.preferences.change
        await asyncio.gather(
            change(lambda now: replace(now, scheme="dark")),
            change(lambda now: replace(now, auto_route=True)),
            change(lambda now: replace(now, text_scale=1.5)),
        )
        return await services.preferences.load()

    assert on(stage, work) == Preferences(
        scheme="dark", auto_route=True, text_scale=1.5, welcomed=True
    )


def test_two_pins_added_at_once_are_both_kept(stage: Stage) -> None:
    async def work(services: Services) -> int:
        await asyncio.gather(
            services.pins.add("longer than 4,000 tokens → cheap"),
            services.pins.add("has an attachment → frontier"),
        )
        return len(await services.pins.all())

    assert on(stage, work) == 2


def test_no_second_model_is_the_last_word_right_after_a_third_was_chosen(stage: Stage) -> None:
    async def work(services: Services) -> tuple[list[str], list[str]]:
        look, pair = services.second_look, await services.models.pair()
        await asyncio.gather(look.choose_third(THIRD.name), look.choose_none())
        none = names(await look.others(pair))
        await asyncio.gather(look.choose(SECOND.name), look.choose_third(THIRD.name))
        return none, names(await look.others(pair))

    assert on(stage, work) == ([], [SECOND.name, THIRD.name])


def test_a_price_and_news_of_where_a_model_runs_meet_in_one_model(stage: Stage) -> None:
    """The window asks where a local model runs each time Settings is opened."""
    stage.pair = (replace(CHEAP, base_url="http://127.0.0.1:9/v1", local=True), FRONTIER)
    stage.offers.handed_on[CHEAP.model] = "ollama.com"

    async def work(services: Services) -> tuple[list[ModelRef], ModelRef]:
        model = await services.models.named(CHEAP.name)
        await asyncio.gather(
            services.models.look_again(),
            services.models.set_price(model, "1", "2"),
            services.models.set_price(model, "3", "4"),
        )
        return await services.models.all(), (await services.models.pair()).cheap

    models, cheap = on(stage, work)
    found = [model for model in models if model.name == CHEAP.name]
    assert found == [cheap], "it is there once, and still of the pair"
    assert (cheap.forwards_to, cheap.local) == ("ollama.com", False)
    assert isinstance(cheap.price, Price)
    assert cheap.price.input_per_million == Decimal(3)


def test_a_model_removed_while_its_price_is_typed_does_not_come_back(stage: Stage) -> None:
    async def work(services: Services) -> list[str]:
        model = await services.models.named(THIRD.name)
        await services.models.remove(THIRD.name)
        with pytest.raises(NotFoundError, match=f"no model called “{THIRD.name}”"):
            await services.models.set_price(model, "1", "2")
        return names(tuple(await services.models.all()))

    assert THIRD.name not in on(stage, work)


def typed(was: ModelRef, **changes: Any) -> NewModel:
    """Return a model as the form holds it that was opened on it."""
    form = NewModel(was.name, was.dialect, was.base_url, was.model, was.role, price=was.price)
    return replace(form, **changes)


def test_a_key_typed_while_a_form_is_open_goes_to_no_other_address(stage: Stage) -> None:
    async def work(services: Services) -> list[ModelRef]:
        before = await services.models.named(THIRD.name)
        await services.models.replace_key(before, ApiKey("sk-one"), this_run_only=True)
        moved = typed(before, base_url="https://two.test/v1")
        with pytest.raises(InputError, match="The key of Slate Nano belongs to"):
            await services.models.change(before, moved)
        keyed = await services.models.named(THIRD.name)
        await services.models.remove(THIRD.name)
        await services.models.add(moved)
        with pytest.raises(InputError, match="Slate Nano is reached at two"):
            await services.models.replace_key(keyed, ApiKey("sk-one"), this_run_only=True)
        return await services.models.all()

    (found,) = (model for model in on(stage, work) if model.name == THIRD.name)
    assert (found.host, found.key_source) == ("two.test", KeySource.NONE)


def test_a_price_given_while_a_form_is_open_stays(stage: Stage) -> None:
    async def work(services: Services) -> ModelRef:
        before = await services.models.named(THIRD.name)
        await services.models.set_price(before, "3", "4")
        return await services.models.change(before, typed(before, max_output_tokens=500))

    changed = on(stage, work)
    assert changed.max_output_tokens == 500
    assert changed.price is not None
    assert changed.price.input_per_million == Decimal(3)


def test_news_of_one_model_is_not_told_of_the_one_that_took_its_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While its server is asked about a model, its entry is changed to another one."""
    here = replace(CHEAP, base_url="http://127.0.0.1:9/v1")
    stage.pair = (here, FRONTIER)

    async def work(services: Services) -> tuple[bool, ModelRef]:
        model = await services.models.named(here.name)

        async def asked(about: ModelRef) -> str | None:
            if about.model == here.model:
                await services.models.change(model, typed(model, model="small", local=True))
            return "ollama.com" if about.model == here.model else ""

        monkeypatch.setattr(stage.offers, "hands_on_to", asked)
        return await services.models.look_again(), await services.models.named(here.name)

    news, found = on(stage, work)
    assert not news
    assert (found.model, found.forwards_to, found.local) == ("small", "", True)
