"""history and savings."""

from __future__ import annotations

import argparse

from app.cli.asking import Printed
from app.cli.shape import history_json, row_json
from app.cli.words import continued_words, explanation_words, row_words, turn_words
from app.domain.savings.sentences import headline, notes
from app.domain.turn import HistoryQuery
from app.services.container import Services
from app.services.explain import NearVote, explained
from app.services.report import to_json


async def history(services: Services, options: argparse.Namespace) -> Printed:
    """Search, show or delete."""
    match options.action:
        case "search":
            query = HistoryQuery(words=" ".join(options.words), limit=options.limit)
            page = await services.archive.page(query)
            shaped = {"matching": page.matching, "rows": [row_json(row) for row in page.rows]}
            words = "\n".join(row_words(row) for row in page.rows) or "Nothing found."
            return shaped, words, 0
        case "show":
            turn = await services.archive.show(options.id)
            continued = await services.archive.continued_by(turn)
            said = [turn.prompt.text, turn_words(turn)]
            if turn.continued_answer_id is not None:
                said.insert(0, continued_words(continued))
            near: tuple[NearVote, ...] = ()
            if turn.decision is not None and turn.revealed:
                why = await explained(services.archive, turn.decision)
                near = why.nearest
                said.append("\n".join(("Why it went there", *explanation_words(why))))
            return history_json(turn, near, continued), "\n\n".join(said), 0
        case _:
            turn = await services.archive.show(options.id)
            follows = await services.rules.deleting(await services.models.pair(), turn)
            await services.archive.delete(options.id)
            words = f"Comparison {options.id} is deleted for good. {follows}".strip()
            return {"deleted": options.id, "follows": follows or None}, words, 0


async def savings(services: Services, options: argparse.Namespace) -> Printed:
    """Tell what was paid against always asking the frontier."""
    report = await services.reports.savings(
        practice=options.practice, months=options.months, matter=options.matter
    )
    return to_json(report), "\n".join((headline(report), *notes(report))), 0
