"""Routing by the prompt alone: what so many votes buy, beside luck, length and a plain learner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.domain.routing.defaults import RuleDefaults
from scripts.benchmarks.routing_data import User, Vector
from scripts.benchmarks.routing_scores import (
    Scored,
    area,
    fixed,
    learned,
    one_look,
    plain,
    product_look,
    recovered,
)

VOTES = (20, 50, 100, 200, 500)
LIMITS = (0.05, 0.10, 0.20)
RULES = ("random", "length", "plain", "rule", "rule, tagged")
CHEAP_COST = 0.01  # of a frontier call
_ONE, _OWN = "one look", "product's looks"

Figures = dict[str, dict[str, list[float]]]


def measure(users: Sequence[User], votes: Sequence[int] = VOTES) -> dict[str, Any]:
    """Return the figures of each rule at each number of votes, means over the pairs."""
    found: dict[str, Figures] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for user in users:
        for count in votes:
            for name in RULES:
                for figure, value in _figures(user, count, name).items():
                    found[f"{count} votes"][f"{name}/{figure}"][user.pool.name].append(value)
    table: dict[str, Any] = {}
    for count_name, figures in found.items():
        rows: dict[str, dict[str, float]] = defaultdict(dict)
        for key, by_pair in figures.items():
            rule, _, figure = key.partition("/")
            rows[rule][figure] = round(_mean(by_pair), 4)
        table[count_name] = dict(rows)
    return table


def by_pair(users: Sequence[User], votes: int) -> dict[str, Any]:
    """Return for each pair its base rate and, at so many votes, the rule's area and share."""
    shown: dict[str, Any] = {}
    for name in dict.fromkeys(user.pool.name for user in users):
        mine = [_figures(user, votes, "rule, tagged") for user in users if user.pool.name == name]
        chosen = next(user.pool for user in users if user.pool.name == name)
        shown[name] = {
            "frontier better": round(float(chosen.better.mean()), 3),
            "auc": round(float(np.nanmean([each["auc"] for each in mine])), 3),
            "share at 0.10": round(
                float(np.mean([each[f"share 0.10, {_ONE}"] for each in mine])), 3
            ),
        }
    return shown


def _mean(by_pair: dict[str, list[float]]) -> float:
    return float(np.mean([np.nanmean(values) for values in by_pair.values()]))


def _figures(user: User, count: int, name: str) -> dict[str, float]:
    pool, held = user.pool, user.held_out
    scored = _scored(user, count, name)
    figures = {
        "auc": area(scored.held_out, pool.better[held]),
        "apgr": recovered(scored.held_out, pool.cheap[held], pool.frontier[held]),
    }
    if scored.chances is not None:
        figures["brier skill"] = _skill(scored.chances, pool.better[held], np.mean(scored.labels))
    for limit in LIMITS:
        defaults = replace(RuleDefaults(), limit=limit)
        own = product_look(count, defaults)
        for words, look in ((_ONE, one_look(count, defaults)), (_OWN, own)):
            if look is None:
                sent = np.zeros(len(held), dtype=bool)
            elif look.votes == count or look is not own:
                sent = scored.sent(look, defaults)
            else:  # the product's promise is still that of its last look
                sent = _scored(user, look.votes, name).sent(look, defaults)
            lost = float((sent & pool.better[held]).mean())
            figures[f"share {limit:.2f}, {words}"] = float(sent.mean())
            figures[f"broken {limit:.2f}, {words}"] = float(lost > limit)
            if limit == 0.10 and words == _ONE:
                figures["cost 0.10"] = float(CHEAP_COST * sent.mean() + (~sent).mean())
    return figures


def _scored(user: User, count: int, name: str) -> Scored:
    pool, stream = user.pool, user.stream[:count]
    labels = pool.better[stream].tolist()
    if name == "random":
        lots = user.chance("lots").random(len(pool.ids))
        return fixed(lots[user.held_out], lots[stream], labels)
    if name == "length":
        lengths = np.array([float(len(text)) for text in pool.texts])
        return fixed(lengths[user.held_out], lengths[stream], labels)
    tagged = name == "rule, tagged"
    lessons = [
        pool.lesson(place, order, tagged=tagged, better=bool(pool.better[place]))
        for order, place in enumerate(stream.tolist())
    ]
    if name == "plain":
        return plain(lessons, user)
    return learned(lessons, user, tagged=tagged)


def _skill(chances: Vector, labels: np.ndarray, base: float | np.floating[Any]) -> float:
    """Return how much better than the base rate of the votes the probabilities are (Brier)."""
    worst = float(np.mean((float(base) - labels) ** 2))
    return 1.0 - float(np.mean((chances - labels) ** 2)) / worst if worst else float("nan")
