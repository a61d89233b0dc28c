"""Hard rules, before any learning: the matter's policy, the user's pins, the budget.

Each takes models away and none gives one back, so what one forbids no other allows. Where no
model is left, nothing may be sent, and the decision says which rules meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.model import Role
from app.domain.money import Cost, Money
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.pins import Pin, PinTo
from app.domain.routing.question import Question
from app.domain.words import money_text


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the hard rules need to know beside the prompt.

    `refused` gives for each role that the matter's policy refuses the sentence why;
    `on_this_computer` are the roles that never leave it; `costs` are estimates before sending;
    `budget_left` is None where the user has set no budget.
    """

    refused: Mapping[Role, str]
    on_this_computer: frozenset[Role] = frozenset()
    costs: Mapping[Role, Cost] | None = None
    budget_left: Money | None = None

    def pays_for(self, *roles: Role) -> bool:
        """Return whether the budget pays for all of these; a price nobody knows is no obstacle."""
        if self.budget_left is None or self.costs is None:
            return True
        total = Money(self.budget_left.amount * 0, self.budget_left.currency)
        for role in roles:
            cost = self.costs.get(role)
            if cost is not None and cost.money is not None:
                if cost.money.currency != total.currency:
                    continue
                total = total + cost.money
        return total.amount <= self.budget_left.amount


def hard_rule(question: Question, pins: Sequence[Pin], around: Circumstances) -> Decision | None:
    """Return what the hard rules force, or None where they leave both models open."""
    left = frozenset(Role)
    said: list[str] = []
    basis = Basis.POLICY
    for role in Role:
        if role in around.refused:
            left -= {role}
            said.append(around.refused[role])
    pinned, words = _pinned([pin for pin in pins if pin.matches(question)], around)
    if not left <= pinned:
        basis = Basis.PIN if len(left) == len(Role) else basis
        left &= pinned
        said.extend(words)
    affordable = frozenset(role for role in left if around.pays_for(role))
    if affordable != left:
        basis = Basis.BUDGET if len(left) == len(Role) else basis
        left = affordable
        assert around.budget_left is not None
        said.append(_budget_sentence(affordable, around.budget_left))
    if len(left) == len(Role):
        return None
    if not left:
        return Decision(None, Basis.BLOCKED, ("Nothing was sent.", *said))
    return Decision(next(iter(left)), basis, tuple(said))


def met(
    question: Question, pins: Sequence[Pin], around: Circumstances, said: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the pins about this prompt that take no model away, because both meet them.

    Those that a decision has `said` already are left out.
    """
    if around.on_this_computer != frozenset(Role):
        return ()
    return tuple(
        f"Your pin: {pin.sentence()} Both models of the pair run here, so it takes neither away."
        for pin in pins
        if pin.to is PinTo.THIS_COMPUTER
        and pin.matches(question)
        and not any(pin.sentence() in sentence for sentence in said)
    )


def _pinned(pins: Sequence[Pin], around: Circumstances) -> tuple[frozenset[Role], list[str]]:
    """Return the roles that these pins leave, and the pins that say so.

    Of a pin to cheap and one to the frontier the careful one decides; "on this computer" binds
    beside either.
    """
    left = frozenset(Role)
    deciding: list[Pin] = []
    here = [pin for pin in pins if pin.to is PinTo.THIS_COMPUTER]
    if here:
        left &= around.on_this_computer
        deciding += here[:1]
    for target, role in ((PinTo.FRONTIER, Role.FRONTIER), (PinTo.CHEAP, Role.CHEAP)):
        sent = [pin for pin in pins if pin.to is target]
        if sent:
            left &= {role}
            deciding += sent[:1]
            break
    return left, [f"Your pin: {pin.sentence()}" for pin in deciding]


def _budget_sentence(affordable: frozenset[Role], left: Money) -> str:
    rest = money_text(left)
    if Role.CHEAP in affordable:
        return f"What is left of your budget ({rest}) does not pay for the frontier model."
    if Role.FRONTIER in affordable:
        return f"What is left of your budget ({rest}) does not pay for the cheap model."
    return f"What is left of your budget ({rest}) pays for no model that may be asked."
