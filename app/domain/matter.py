"""Matters and what each allows to be sent where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import Problem

if TYPE_CHECKING:
    from app.domain.model import ModelRef

UNTAGGED = "Untagged"


class PolicyKind(StrEnum):
    """Who may see a matter's prompts."""

    ANY = "any"
    NAMED = "named"
    THIS_COMPUTER = "this_computer"


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """The rule that is checked in the one function that sends."""

    kind: PolicyKind = PolicyKind.ANY
    vendors: frozenset[str] = frozenset()

    def in_words(self) -> str:
        """Return the policy as the badge beside the matter shows it."""
        match self.kind:
            case PolicyKind.ANY:
                return "Any provider"
            case PolicyKind.NAMED:
                return "Only " + ", ".join(sorted(self.vendors)) if self.vendors else "No provider"
            case PolicyKind.THIS_COMPUTER:
                return "This computer only"

    def refuses(self, model: ModelRef, matter_name: str) -> Problem | None:
        """Return why this model may not be sent the prompt, or None if it may."""
        who = self._only(model)
        if who is None:
            return None
        return Problem(
            "blocked_by_policy",
            f"Not sent: the matter “{matter_name}” allows {who}, and {model.name} is reached at "
            f"{model.provider}.",
            "Choose an allowed model, another matter, or change the matter's policy.",
        )

    def refuses_again(self, model: ModelRef, matter_name: str) -> Problem | None:
        """Return why this model may not be sent an earlier exchange of the matter, or None."""
        who = self._only(model)
        if who is None:
            return None
        return Problem(
            "blocked_by_earlier_policy",
            f"Not sent: the prompt continues an answer of the matter “{matter_name}”, which allows "
            f"{who}, and {model.name} is reached at {model.provider}.",
            "Choose an allowed model, or ask without the earlier answer.",
        )

    def _only(self, model: ModelRef) -> str | None:
        """Return who alone may be sent the prompts, or None where this model may."""
        if self.kind is PolicyKind.ANY:
            return None
        if self.kind is PolicyKind.THIS_COMPUTER:
            allowed, who = model.on_this_computer, "only models on this computer"
        else:
            names = {vendor.casefold() for vendor in self.vendors}
            allowed = model.practice or model.provider.casefold() in names
            who = "only " + ", ".join(sorted(self.vendors)) if names else "no provider"
        return None if allowed else who


def no_longer_local(model: ModelRef) -> Problem:
    """Return why a prompt is held back whose model was added as local and is not local any more."""
    return Problem(
        "not_local",
        f"Not sent: {model.name} was added as a model of this computer, but its server now hands "
        f"prompts on to {model.handed_on_to}.",
        "Choose a model that runs here. Settings shows the change; to use it all the same, ask "
        "again after looking there.",
    )


def unsure_where(model: ModelRef, matter_name: str) -> Problem:
    """Return why a prompt is held back when its server cannot say whether it hands it on."""
    if model.local:
        why = "and you marked the model as local"
    else:
        why = f"and the matter “{matter_name}” does not allow just anyone"
    return Problem(
        "blocked_by_policy",
        f"Not sent: the server of {model.name} on this computer did not say whether it hands "
        f"prompts on, {why}.",
        "Ask again in a moment, or choose another model.",
    )


@dataclass(frozen=True, slots=True)
class Matter:
    """A client's matter. `id` is the history's number, 0 before it is stored."""

    name: str
    policy: SendingPolicy = SendingPolicy()
    id: int = 0
