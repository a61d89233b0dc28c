"""The tour's page: one self-contained HTML file, nothing canned in it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from html import escape
from pathlib import Path

from app.domain.model import Pair, Role
from app.domain.picture import Picture
from app.domain.practice import PracticeItem
from app.domain.routing.overview import RuleOverview
from app.domain.savings import Savings
from app.domain.turn import Turn, TurnRow
from app.domain.vote import Letter
from app.domain.words import cost_text, money_text, seconds_text, tokens_text


@dataclass(frozen=True, slots=True)
class Graded:
    """One comparison of the tour, with what the answer key says of each side."""

    item: PracticeItem
    turn: Turn
    right: dict[Role, bool]

    @property
    def word(self) -> str:
        """Return the vote that the answer key casts."""
        cheap, frontier = self.right.get(Role.CHEAP, False), self.right.get(Role.FRONTIER, False)
        if cheap == frontier:
            return "equal" if cheap else "neither"
        assert self.turn.seating is not None
        better = Role.CHEAP if cheap else Role.FRONTIER
        return "a" if self.turn.seating.letter(better) is Letter.A else "b"


@dataclass(frozen=True, slots=True)
class TourPage:
    """Everything the page tells, as the program recorded it."""

    version: str
    pair: Pair
    graded: tuple[Graded, ...]
    routed: Turn
    overview: RuleOverview
    savings: Savings
    rows: tuple[TurnRow, ...]


def write_page(target: Path, page: TourPage, pictures: list[Picture]) -> None:
    """Write the page whole or not at all; OSError when the folder refuses it."""
    parts = [
        _head(page),
        _scores(page),
        _routed(page),
        _transcript(page),
        _rows(page),
        _pictures(pictures),
    ]
    body = "\n".join(parts)
    top = "<!doctype html><html lang='en'><meta charset='utf-8'><title>Counterpart: a tour</title>"
    html = f"{top}{_STYLE}<main>{body}</main></html>"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    draft.write_text(html, encoding="utf-8")
    os.replace(draft, target)  # noqa: PTH105


def _head(page: TourPage) -> str:
    asked = len(page.graded)
    return (
        f"<h1>Counterpart {escape(page.version)}: a tour</h1>"
        f"<p>Everything on this page happened just now, on this computer: {asked} short prompts "
        "were asked of two settings of a small on-device model, live, and nothing left it. "
        "The votes were cast by the <b>answer key</b> of those prompts, not by a person. "
        "The model is small and often wrong; it is for learning the program.</p>"
    )


def _scores(page: TourPage) -> str:
    asked = len(page.graded)
    lines = []
    for role in Role:
        right = sum(graded.right.get(role, False) for graded in page.graded)
        lines.append(f"<li>{escape(page.pair.side(role).name)}: {right} of {asked} right</li>")
    paid = money_text(page.savings.paid)
    return (
        f"<h2>How the two settings did</h2><ul>{''.join(lines)}</ul>"
        f"<p>Paid in all: {escape(paid)}. The practice pair is free, so it saves nothing.</p>"
    )


def _routed(page: TourPage) -> str:
    decision = page.routed.decision
    because = " ".join(decision.because) if decision else ""
    sides = "".join(_side(page.routed, answer.role) for answer in page.routed.answers)
    return (
        "<h2>Auto-route</h2><p>One more prompt was handed to auto-route. These votes were cast on "
        "prompts that the tour chose: they train the rule and never count for its promise.</p>"
        f"<blockquote>{escape(page.routed.prompt.text)}</blockquote>"
        f"<p class='say'>{escape(because)}</p><div class='two'>{sides}</div>"
    )


def _transcript(page: TourPage) -> str:
    parts = ["<h2>The transcript</h2>"]
    for number, graded in enumerate(page.graded, 1):
        vote = graded.turn.vote
        said = f"{graded.word} ({vote.choice}, {vote.kind})" if vote else "no vote: not complete"
        sides = "".join(_side(graded.turn, role, graded.right.get(role)) for role in Role)
        parts.append(
            f"<details{' open' if number == 1 else ''}><summary>{number}. "
            f"{escape(graded.item.id)} · vote by the answer key: {escape(said)}</summary>"
            f"<blockquote>{escape(graded.item.prompt)}</blockquote><div class='two'>{sides}</div>"
            "</details>"
        )
    return "".join(parts)


def _side(turn: Turn, role: Role, right: bool | None = None) -> str:
    answer = turn.answer(role)
    if answer is None:
        return ""
    letter = f"{turn.seating.letter(role)} · " if turn.seating and len(turn.answers) > 1 else ""
    verdict = "" if right is None else (" · right" if right else " · wrong")
    facts = (
        f"{answer.state_in_words()} · first word {seconds_text(answer.first_token_ms)} · "
        f"time {seconds_text(answer.total_ms)} · {tokens_text(answer.usage.input_tokens)} in, "
        f"{tokens_text(answer.usage.output_tokens)} out · {cost_text(answer.cost)}"
    )
    problem = f"<p class='bad'>{escape(answer.problem.sentence())}</p>" if answer.problem else ""
    return (
        f"<section><h3>{escape(letter + answer.model.name)} <i class='{role}'>{role}</i></h3>"
        f"<p class='facts'>{escape(facts + verdict)}</p>{problem}"
        f"<pre>{escape(answer.text)}</pre></section>"
    )


def _rows(page: TourPage) -> str:
    head = "<tr><th>id<th>asked (UTC)<th>mode<th>asked of<th>states<th>costs<th>vote<th>wait</tr>"
    lines = []
    for row in page.rows:
        asked = ", ".join(row.roles) if row.revealed else "both, blind"
        cells = (
            str(row.id),
            f"{row.asked_at:%Y-%m-%d %H:%M:%S}",
            row.mode.value,
            asked,
            ", ".join(row.states),
            ", ".join(cost_text(cost) for cost in row.costs),
            row.choice.value if row.choice else "—",
            seconds_text(row.wait_ms),
        )
        lines.append("<tr>" + "".join(f"<td>{escape(cell)}" for cell in cells) + "</tr>")
    return f"<h2>The rows of the database</h2><table>{head}{''.join(lines)}</table>"


def _pictures(pictures: list[Picture]) -> str:
    parts = ["<h2>The views</h2>"]
    for picture in pictures:
        kind = (
            "live: this tour's own data" if picture.live else "sample: the invented sample history"
        )
        scheme = "dark" if picture.dark else "light"
        data = base64.b64encode(picture.png).decode()
        parts.append(
            f"<figure><img alt='{escape(picture.title)}' src='data:image/png;base64,{data}'>"
            f"<figcaption><b>{escape(picture.title)}</b> · {scheme} · {kind}</figcaption></figure>"
        )
    return "".join(parts)


_STYLE = """<style>
:root{color-scheme:light dark;--line:#dde1e7;--muted:#525e6b;--sunken:#eef0f3}
@media(prefers-color-scheme:dark){:root{--line:#2e3742;--muted:#a9b4c0;--sunken:#161b22}}
body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:1100px;margin:0 auto;padding:24px}
h1{font-size:26px}h2{margin-top:40px;font-size:19px}h3{font-size:15px;margin:0}
blockquote,pre{background:var(--sunken);border-radius:7px;padding:10px 14px;margin:8px 0;
white-space:pre-wrap;overflow-wrap:anywhere}pre{font:inherit}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px}.facts,figcaption{color:var(--muted)}
.cheap{color:#0b6f5b}.frontier{color:#6b4bb8}@media(prefers-color-scheme:dark){.cheap{color:#55c7ac}
.frontier{color:#b59cf2}.bad{color:#f2857d}}.bad{color:#b3261e}.say{font-weight:600}
details{border-top:1px solid var(--line);padding:8px 0}summary{cursor:pointer}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:13px}
th,td{text-align:left;border-bottom:1px solid var(--line);padding:4px 8px}
figure{margin:24px 0}img{width:100%;border:1px solid var(--line);border-radius:10px}
</style>"""
