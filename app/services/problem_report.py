"""The problem report: what a maintainer needs, with nothing secret or confidential in it.

No prompt, answer, name, address or path goes in: only versions, counts and identifiers of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from app.domain.answer import AnswerState
from app.domain.connection import Connection
from app.domain.errors import CounterpartError
from app.domain.turn import HistoryQuery, LedgerTurn
from app.services.container import Services
from app.services.ports.history import History

_LOOK_BACK = 200  # turns: what goes wrong now is recent
_MOST_ERRORS = 20
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORDS = re.compile(r"[^\w.+() -]")


async def problem_report(services: Services) -> str:
    """Return the report as plain text; what cannot be read is told by its kind of problem."""
    about = services.about()
    lines = [
        f"Counterpart {about.version}{' (sample history)' if about.sample else ''}",
        f"System: {_plain(about.system)}",
        *(f"{_plain(name)} {_plain(version)}" for name, version, _ in about.components),
        "",
    ]
    for part in (_counts, _errors):
        try:
            lines += await part(services)
        except CounterpartError as error:
            lines.append(f"Not readable: {safe_kind(error.problem.kind)}")
    lines += ["", f"Keychain: {await _keychain(services)}"]
    return "\n".join(lines) + "\n"


async def _counts(services: Services) -> list[str]:
    prompts = (await services.archive.page(HistoryQuery(limit=1))).matching
    models = await services.models.all()
    pair = await services.models.pair()
    matters = await services.matters.all()
    preferences = await services.preferences.load()
    connection = await services.connections.load()
    limits = "usual" if replace(connection, ca_file="") == Connection() else "changed"
    states: Counter[str] = Counter()
    votes = 0
    for practice in (False, True):
        ledger = await services.store(partial(_ledger, practice=practice))
        states.update(answer.state for turn in ledger for answer in turn.answers)
        votes += sum(turn.choice is not None for turn in ledger)
    keys = Counter(model.key_source.value for model in models)
    return [
        f"Prompts: {prompts:,}, voted on: {votes:,}",
        f"Answers by state: {_told(states)}",
        f"Models: {len(models)}; by role: {_told(Counter(m.role.value for m in models))}; "
        f"by dialect: {_told(Counter(m.dialect.value for m in models))}; keys in: {_told(keys)}",
        f"Pair in use: {'practice' if pair.practice else 'real'}",
        f"Matters: {len(matters)}; "
        f"by policy: {_told(Counter(matter.policy.kind.value for matter in matters))}",
        f"Connection: {limits} limits, certificates added: {bool(connection.ca_file)}",
        f"Preferences: scheme {_plain(preferences.scheme)}, text {preferences.text_scale:.0%}, "
        f"blind {preferences.blind}, auto-route {preferences.auto_route}",
    ]


def _ledger(history: History, *, practice: bool) -> list[LedgerTurn]:
    return history.ledger(practice=practice)


async def _errors(services: Services) -> list[str]:
    """Return the kinds of the latest problems, newest first; never their sentences."""
    page = await services.archive.page(HistoryQuery(limit=_LOOK_BACK))
    ended_well = {AnswerState.COMPLETE.value, AnswerState.STREAMING.value}
    lines: list[str] = []
    for row in page.rows:
        if set(row.states) <= ended_well:
            continue
        turn = await services.archive.show(row.id)
        for answer in turn.answers:
            if answer.problem is not None and len(lines) < _MOST_ERRORS:
                day = f"{row.asked_at:%Y-%m-%d}"
                kind = safe_kind(answer.problem.kind)
                lines.append(f"{day} {answer.role.value}: {answer.state.value}, {kind}")
        if len(lines) >= _MOST_ERRORS:
            break
    return ["", "Latest problems:", *(lines or ["none"])]


async def _keychain(services: Services) -> str:
    problem = await services.keys.keychain_problem()
    return "works" if problem is None else safe_kind(problem.kind)


def safe_kind(kind: str) -> str:
    """Return a problem's identifier, or that it is none: anything else could quote something."""
    return kind if _KIND.fullmatch(kind) else "another kind"


def _plain(text: str) -> str:
    return _WORDS.sub("", text)[:80]


def _told(counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{_plain(name)} {count:,}" for name, count in sorted(counts.items()))
    return told or "none"
