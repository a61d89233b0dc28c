"""The rule must follow the votes, and must never make the window wait."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from app.domain.conversation import prompt_of
from app.domain.errors import InputError
from app.domain.model import Pair, Role
from app.domain.routing.decision import Basis
from app.domain.routing.lesson import Lesson
from app.services.ports.history import History
from app.services.rule import Rules
from app.services.store import Store
from tests.fakes.history_samples import CHEAP, FRONTIER, SetClock, model
from tests.fakes.lessons import habit

PAIR = Pair(CHEAP, FRONTIER)
EASY = prompt_of("Extract all dates from schedule 7 of the lease.", "Larch", ("notice",))


class VotedHistory:
    """A history that holds lessons and settings and nothing else."""

    def __init__(self, lessons: dict[str, list[Lesson]]) -> None:
        self.kept = lessons
        self.settings: dict[str, str] = {}

    def lessons(self, pair_key: str) -> list[Lesson]:
        return list(self.kept.get(pair_key, []))

    def earlier_versions(self, pair: Pair) -> list[str]:
        return []

    def votes_left_out(self, pair_key: str, earlier: Sequence[str] = ()) -> dict[str, int]:
        return {"changed after the reveal": 1}

    def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    def set_setting(self, name: str, value: str) -> None:
        self.settings[name] = value

    def close(self) -> None:
        pass


def with_rules(history: VotedHistory, work: Callable[[Rules], Any]) -> Any:
    async def run() -> Any:
        store = Store(lambda: cast(History, history))
        try:
            return await work(Rules(store, SetClock()))
        finally:
            await store.close()

    return asyncio.run(run())


def test_a_new_vote_reaches_the_next_decision() -> None:
    history = VotedHistory({PAIR.key: habit(49)})

    async def work(rules: Rules) -> None:
        first = await rules.decide(PAIR, EASY)
        assert (first.basis, first.votes_used) == (Basis.NOT_ENOUGH_VOTES, 49)
        history.kept[PAIR.key] = habit(120)
        second = await rules.decide(PAIR, EASY)
        assert (second.basis, second.role, second.votes_used) == (Basis.LEARNED, Role.CHEAP, 120)

    with_rules(history, work)


def test_unchanged_votes_are_not_learned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.domain.routing import rule

    trained: list[int] = []
    real = rule.train

    def counting(lessons: list[Lesson], *more: Any) -> rule.Rule:
        trained.append(len(lessons))
        return real(lessons, *more)

    monkeypatch.setattr(rule, "train", counting)

    async def work(rules: Rules) -> None:
        await asyncio.gather(*(rules.decide(PAIR, EASY) for _ in range(5)))
        await rules.overview(PAIR)

    with_rules(VotedHistory({PAIR.key: habit(60)}), work)
    assert trained == [60]


def test_another_pair_starts_without_any_votes() -> None:
    other = Pair(CHEAP, model(Role.FRONTIER, version="2"))

    async def work(rules: Rules) -> None:
        assert (await rules.decide(PAIR, EASY)).basis is Basis.LEARNED
        assert (await rules.decide(other, EASY)).votes_used == 0

    with_rules(VotedHistory({PAIR.key: habit(60)}), work)


def test_my_rule_counts_what_is_missing_and_what_was_left_out() -> None:
    async def work(rules: Rules) -> None:
        shown = await rules.overview(PAIR)
        assert (shown.learned, shown.calibrating, shown.missing) == (False, 12, 38)
        assert shown.left_out == (("changed after the reveal", 1),)
        assert shown.promise.share == 0

    with_rules(VotedHistory({PAIR.key: habit(12)}), work)


def test_the_users_own_limit_holds_from_the_next_decision_on() -> None:
    history = VotedHistory({PAIR.key: habit(60)})

    async def work(rules: Rules) -> None:
        assert (await rules.decide(PAIR, EASY)).role is Role.CHEAP
        await rules.set_limit(0.02)
        assert (await rules.overview(PAIR)).promise.limit == 0.02
        # 60 votes cannot prove 1 in 50.
        assert (await rules.decide(PAIR, EASY)).role is Role.FRONTIER
        with pytest.raises(InputError):
            await rules.set_limit(0.9)

    with_rules(history, work)


def test_an_unreadable_limit_falls_back_to_one_in_ten() -> None:
    history = VotedHistory({PAIR.key: habit(12)})
    history.settings["rule_limit"] = "plenty"

    async def work(rules: Rules) -> None:
        assert (await rules.overview(PAIR)).promise.limit == 0.10

    with_rules(history, work)


def test_the_window_does_not_wait_for_numpy() -> None:
    code = (
        "import sys, app.services.rule, app.services.report, app.domain.routing.overview;"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
