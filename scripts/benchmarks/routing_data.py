"""The outcomes of a folder as simulated users: a pair of models and a seed, each with a mix.

Reads `routing-pairs.json`, `routing-prompts.jsonl.gz`, `routing-outcomes.csv.gz` and, for second
looks, `routing-answers.csv.gz` of any folder of that form. No model or data set is named here.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import Question
from app.domain.vote import Choice, VoteKind

Vector = NDArray[np.float64]
Places = NDArray[np.intp]

TIE = 0.05  # a frontier answer must be that much better to be strictly better
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_LARGEST, _SMALLEST, _PART = 2_000, 800, 0.6


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a folder holds. Scores are 0..1, by data set, model and prompt."""

    prompts: dict[tuple[str, str], tuple[str, str]]  # text and domain
    scores: dict[tuple[str, str], dict[str, float]]
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The prompts that both models of a pair answered; `better` where the frontier was."""

    name: str
    data: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    domains: tuple[str, ...]
    cheap: Vector
    frontier: Vector

    @property
    def better(self) -> NDArray[np.bool_]:
        """Return where the frontier was strictly better."""
        return self.frontier - self.cheap > TIE

    def question(self, place: int, *, tagged: bool) -> Question:
        """Return a prompt as the rule sees it; its domain is the user's own tag, if any."""
        tags = (self.domains[place],) if tagged else ()
        return Question(self.texts[place], "All", tags)

    def lesson(
        self, place: int, order: int, *, tagged: bool, better: bool, asked: Asked = Asked.RUN
    ) -> Lesson:
        """Return the vote on a prompt, the `order`th of its user (one a day)."""
        at = BEGAN + timedelta(days=order)
        return Lesson(
            turn_id=order + 1, text=self.texts[place], matter="All",
            tags=(self.domains[place],) if tagged else (), attachment_chars=0,
            choice=Choice.FRONTIER if better else Choice.EQUAL, kind=VoteKind.BLIND, severity=1.0,
            asked_at=at, propensity=None if asked is Asked.CHOSEN else 1.0, asked=asked,
            settled_at=at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class User:
    """Somebody with a mix of domains: prompts voted on in order, and others like them."""

    pool: Pool
    seed: int
    stream: Places
    held_out: Places

    def chance(self, purpose: str) -> np.random.Generator:
        """Return the user's own randomness for a purpose, the same each time."""
        name = zlib.crc32(f"{self.pool.name}/{purpose}".encode())
        return np.random.default_rng([self.seed, name])


def outcomes_of(folder: Path) -> Outcomes:
    """Return what the folder holds."""
    prompts = {}
    with gzip.open(folder / "routing-prompts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            prompts[row["dataset"], row["id"]] = (row["prompt"], row["domain"])
    scores: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    with gzip.open(folder / "routing-outcomes.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            scores[row["dataset"], row["model"]][row["id"]] = float(row["score"])
    settings = json.loads((folder / "routing-pairs.json").read_text("utf-8"))
    return Outcomes(prompts, dict(scores), settings)


def pool_of(found: Outcomes, name: str, data: str, cheap: str, frontier: str) -> Pool:
    """Return the prompts that both models answered."""
    one, other = found.scores[data, cheap], found.scores[data, frontier]
    ids = tuple(sorted(key for key in one if key in other and (data, key) in found.prompts))
    return Pool(
        name, data, ids,
        tuple(found.prompts[data, key][0] for key in ids),
        tuple(found.prompts[data, key][1] for key in ids),
        np.array([one[key] for key in ids]),
        np.array([other[key] for key in ids]),
    )  # fmt: skip


def users_of(
    pool: Pool, seeds: Sequence[int], votes: int, held_out: Sequence[int], mixes: int = 1
) -> Iterator[tuple[User, ...]]:
    """Yield a user for each seed, once for each of `mixes` mixes of the pool's domains.

    Stream and held-out prompts are one draw without replacement, dealt at random, so that both
    have the same mix. Several mixes of one user share no prompt.
    """
    size = int(min(_LARGEST, max(_SMALLEST, _PART * len(pool.ids)))) // mixes
    names = sorted(set(pool.domains))
    domains = np.array([names.index(domain) for domain in pool.domains])
    for seed in seeds:
        chance = np.random.default_rng([seed, zlib.crc32(pool.name.encode())])
        free = np.ones(len(pool.ids), dtype=bool)
        people = []
        for _ in range(mixes):
            likes = chance.gamma(1.0, size=len(names))[domains] + 1e-9
            drawn = np.argsort(-np.where(free, chance.random(len(free)) ** (1.0 / likes), -1.0))
            mine = drawn[:size]
            free[mine] = False
            chance.shuffle(mine)
            rest = mine[votes : votes + held_out[1]] if mixes == 1 else mine[votes // mixes :]
            people.append(User(pool, seed, mine[: votes // mixes], rest))
        yield tuple(people)
