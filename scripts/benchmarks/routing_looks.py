"""Second looks: what is kept without asking the frontier, what that costs, and what it loses."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.glance import Glance, Signs, fit_glances
from app.domain.routing.pattern import Pattern, pattern_of
from app.domain.routing.promise import line_of
from scripts.benchmarks.routing_data import TIE, Outcomes, Pool, User, Vector, pool_of, users_of
from scripts.benchmarks.routing_scores import area, one_look, product_look

VOTES = (20, 50, 100, 200)
LIMITS = (0.05, 0.10, 0.20)
CALL = 0.01  # what an extra cheap call costs, of a frontier call
NOISE = 0.10  # one vote in ten is thrown: each of the three choices alike
_NOISY_BETTER = 1.0 / 3.0
_ORDER = {Pattern.ALL: 0.0, Pattern.FIRST: 1.0, Pattern.OTHERS: 2.0, Pattern.NONE: 3.0}
_NO_ANSWER = ("", "none", "nan", "null")


@dataclass(frozen=True, slots=True)
class Said:
    """One model's final answer to one prompt, and what can be told of its text."""

    final: str
    signs: Signs


@dataclass(frozen=True, slots=True, eq=False)
class LookPool:
    """The prompts of a pair that the other cheap models answered too.

    `agree` (prompts, 3): first and second, first and third, second and third.
    """

    pool: Pool
    agree: np.ndarray
    signs: tuple[tuple[Signs, ...], ...]
    seconds: Vector  # the second model's scores


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take a second look: of how many models, and which answer stands."""

    name: str
    three: bool
    others_may_stand: bool
    learned: bool


WAYS = (
    Way("two agree, nothing learned", three=False, others_may_stand=False, learned=False),
    Way("three agree, nothing learned", three=True, others_may_stand=False, learned=False),
    Way("two, learned", three=False, others_may_stand=False, learned=True),
    Way("three, learned", three=True, others_may_stand=False, learned=True),
    Way("any two of three, learned", three=True, others_may_stand=True, learned=True),
)

# What the program does: with a second cheap model, and with a third one.
TAKEN = {
    "two agree": WAYS[0],
    "any two of three agree": Way(
        "any two of three", three=True, others_may_stand=True, learned=False
    ),
}


def answers_of(folder: Path) -> dict[tuple[str, str], dict[str, Said]]:
    """Return what each model of each data set finally said."""
    said: dict[tuple[str, str], dict[str, Said]] = defaultdict(dict)
    with gzip.open(folder / "routing-answers.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            final = row["final_answer"].strip().casefold()
            empty = float(row["noans"]) > 0 or final in _NO_ANSWER
            signs = Signs(
                chars=round(float(np.expm1(float(row["loglen"])))),
                hedged=float(row["hedge"]) > 0,
                refused=float(row["refusal"]) > 0,
                cut=float(row["trunc"]) > 0,
                empty=empty,
            )
            said[row["dataset"], row["model"]][row["id"]] = Said("" if empty else final, signs)
    return dict(said)


def pools_of(found: Outcomes, said: dict[tuple[str, str], dict[str, Said]]) -> Iterator[LookPool]:
    """Yield the pairs of the settings; other models' answers are matched by the prompt's text."""
    for pair in found.settings["second_look_pairs"]:
        pool = pool_of(found, pair["name"], pair["dataset"], pair["cheap"], pair["frontier"])
        first = said.get((pair["dataset"], pair["cheap"]), {})
        others = [
            _by_text(found, said, pair["dataset"], pair[which]) for which in ("second", "third")
        ]
        kept, rows = [], []
        for place, (key, text) in enumerate(zip(pool.ids, pool.texts, strict=True)):
            spoken = [first.get(key), *(other.get(text.strip()) for other in others)]
            if all(item is not None for item in spoken):
                kept.append(place)
                rows.append([item for item in spoken if item is not None])
        yield _look_pool(pool, kept, rows)


def _by_text(
    found: Outcomes, said: dict[tuple[str, str], dict[str, Said]], data: str, model: str
) -> dict[str, tuple[Said, float]]:
    """Return a model's answers and scores by the text of the prompt, from wherever it has any."""
    for (where, name), answers in sorted(said.items(), key=lambda item: item[0][0] != data):
        if name == model and (where, name) in found.scores:
            scores = found.scores[where, name]
            return {
                found.prompts[where, key][0].strip(): (answer, scores[key])
                for key, answer in answers.items()
                if key in scores and (where, key) in found.prompts
            }
    return {}


def _look_pool(pool: Pool, kept: Sequence[int], rows: Sequence[Sequence[Any]]) -> LookPool:
    part = replace(
        pool,
        ids=tuple(pool.ids[place] for place in kept),
        texts=tuple(pool.texts[place] for place in kept),
        domains=tuple(pool.domains[place] for place in kept),
        cheap=pool.cheap[list(kept)],
        frontier=pool.frontier[list(kept)],
    )
    agree, signs, seconds = [], [], []
    for one, (two, score), (three, _) in rows:
        finals = [one.final, two.final, three.final]
        agree.append(
            [bool(finals[a]) and finals[a] == finals[b] for a, b in ((0, 1), (0, 2), (1, 2))]
        )
        signs.append((one.signs, two.signs, three.signs))
        seconds.append(score)
    return LookPool(
        part, np.array(agree, dtype=bool).reshape(-1, 3), tuple(signs), np.array(seconds)
    )


def measure(
    pools: Sequence[LookPool], seeds: Sequence[int], settings: dict[str, Any]
) -> dict[str, Any]:
    """Return the figures of each way, with honest votes and with one in ten thrown."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for looks in pools:
        for (user,) in users_of(looks.pool, seeds, settings["stream_votes"], settings["held_out"]):
            for way in WAYS:
                for noise in (0.0, NOISE):
                    name = way.name + (", one vote in ten thrown" if noise else "")
                    for key, value in _figures(looks, user, way, noise):
                        found[name][key].append(value)
    return {
        name: {key: round(float(np.nanmean(values)), 4) for key, values in figures.items()}
        for name, figures in found.items()
    }


def without_votes(pools: Sequence[LookPool]) -> dict[str, Any]:
    """Return what stands by agreement alone, as the program lets it stand with two or three models.

    Nobody has voted, and nothing is learned. Two agree here where the data's final answers are the
    same; how well the program itself reads answers is measured by `substance`.
    """
    shown: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for looks in pools:
        for name, way in TAKEN.items():
            glances, lost, calls = _material(looks, way)
            stands = np.array([glance.pattern.stands is not None for glance in glances])
            shown[name]["kept"].append(float(stands.mean()))
            shown[name]["lost, of the kept"].append(float(lost[stands].mean()))
            shown[name]["lost, of all"].append(float((lost & stands).mean()))
            shown[name]["cost of always the frontier"].append(float((calls + ~stands).mean()))
    return {
        name: {key: round(float(np.mean(values)), 4) for key, values in figures.items()}
        for name, figures in shown.items()
    }


def _figures(looks: LookPool, user: User, way: Way, noise: float) -> Iterator[tuple[str, float]]:
    glances, lost, costs = _material(looks, way)
    chance = user.chance("noise")
    thrown = chance.random(len(lost)) < noise
    votes = np.where(thrown, chance.random(len(lost)) < _NOISY_BETTER, lost)
    held, own = user.held_out, [glances[place] for place in user.held_out.tolist()]
    for count in VOTES:
        stream = user.stream[:count].tolist()
        seen, said = [glances[place] for place in stream], votes[stream].tolist()
        fitted = fit_glances(seen, said) if way.learned else None
        if fitted is not None:
            chances = fitted.rule(one_look(count, RuleDefaults())).logits(own)
            yield f"auc at {count}", area(chances, lost[held])
        for limit in LIMITS:
            defaults = replace(RuleDefaults(), limit=limit)
            for words, look in (
                ("one look", one_look(count, defaults)),
                ("product's looks", product_look(count, defaults)),
            ):
                if look is None:
                    kept = np.zeros(len(held), dtype=bool)
                elif fitted is not None:
                    kept = np.array(fitted.rule(look, (), defaults).stand(own), dtype=bool)
                else:
                    kept = _by_order(seen, said, own, look.allowed)
                bad = float((kept & lost[held]).mean())
                key = f"{limit:.2f} at {count}, {words}"
                yield f"kept {key}", float(kept.mean())
                yield f"broken {key}", float(bad > limit)
                if words == "one look":
                    yield f"cost {key}", float((costs[held] + ~kept).mean())
                    yield f"lost {key}", bad


def _by_order(
    seen: Sequence[Glance], said: Sequence[bool], own: Sequence[Glance], allowed: int
) -> np.ndarray:
    """Return what is kept by agreement as it comes, all of a pattern or none."""
    line = line_of([_ORDER[item.pattern] for item in seen], said, allowed)
    if line is None:
        return np.zeros(len(own), dtype=bool)
    return np.array([_ORDER[item.pattern] <= line for item in own])


def _material(looks: LookPool, way: Way) -> tuple[list[Glance], np.ndarray, Vector]:
    """Return the looks, where the frontier beats what stands, and what the cheap calls cost."""
    pool = looks.pool
    if not way.three:
        patterns = [pattern_of([bool(row[0])]) for row in looks.agree]
    else:
        patterns = [pattern_of([bool(each) for each in row]) for row in looks.agree]
    if not way.others_may_stand:
        swap = {Pattern.OTHERS: Pattern.NONE}
        patterns = [swap.get(pattern, pattern) for pattern in patterns]
    stands = np.where([item is Pattern.OTHERS for item in patterns], looks.seconds, pool.cheap)
    count = 3 if way.three else 2
    glances = [
        Glance(pattern, signs[:count]) for pattern, signs in zip(patterns, looks.signs, strict=True)
    ]
    return glances, pool.frontier - stands > TIE, np.full(len(patterns), CALL * count)
