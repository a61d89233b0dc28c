"""The tour: the whole main job done live on the practice pair, told on one page."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.cli.main import OpenServices, as_text, complain, say
from app.cli.tour_page import Graded, TourPage, write_page
from app.domain.conversation import prompt_of
from app.domain.errors import CounterpartError, Problem
from app.domain.picture import Picture
from app.domain.practice import PracticeItem, grade
from app.domain.turn import HistoryQuery
from app.services.ask import TurnEvent
from app.services.container import Services

MATTER = "Tour"
DEFAULT_FILE = "counterpart-tour.html"


TakePictures = Callable[[Callable[[bool], Services], str], list[Picture]]


def make_tour(
    options: argparse.Namespace,
    open_services: OpenServices,
    take_pictures: TakePictures,
    version: str,
) -> int:
    """Run the tour in a data folder of its own, so that the key's votes teach nobody's rule."""
    target = (options.html or Path(DEFAULT_FILE)).expanduser().resolve()
    with tempfile.TemporaryDirectory(prefix="counterpart-tour-") as scratch:
        folder = Path(scratch) if options.data_dir is None else options.data_dir / "tour"
        try:
            page = asyncio.run(_live(open_services(folder, False), options.prompts, version))
            print("Taking a picture of each view …", file=sys.stderr)
            pictures = take_pictures(
                lambda sample: open_services(folder, sample), page.routed.prompt.text
            )
            write_page(target, page, pictures)
        except CounterpartError as error:
            return complain(error.problem, as_json=options.json)
        except OSError as error:
            unwritten = f"The page could not be written to {target}: {error.strerror}."
            problem = Problem("not_written", unwritten, "Name another file with --html.")
            return complain(problem, as_json=options.json)
    return say(as_text({"page": str(target)}) if options.json else str(target))


async def _live(services: Services, most: int, version: str) -> TourPage:
    """Ask, vote by the answer key, let the rule decide, and collect what the history holds."""
    items = list(await services.models.practice_prompts())
    last, items = items[-1], items[: most or len(items) - 1]
    try:
        graded = []
        for number, item in enumerate(items, 1):
            print(f"Asking {number} of {len(items)}: {item.id}", file=sys.stderr)
            graded.append(await _compare(services, item))
        routed = await services.router.ask(prompt_of(last.prompt, MATTER, last.tags), _quiet)
        pair = await services.models.pair()
        overview = await services.rules.overview(pair)
        savings = await services.reports.savings(practice=True, months=None, matter=None)
        page = await services.archive.page(HistoryQuery(limit=len(items) + 1))
        return TourPage(version, pair, tuple(graded), routed, overview, savings, page.rows)
    finally:
        await services.close()


async def _compare(services: Services, item: PracticeItem) -> Graded:
    prompt = prompt_of(item.prompt, MATTER, item.tags)
    turn = await services.comparisons.compare(prompt, _quiet, blind=True)
    right = {answer.role: answer.complete and grade(answer.text, item) for answer in turn.answers}
    graded = Graded(item, turn, right)
    if turn.votable:
        return Graded(item, await services.votes.cast(turn.id, graded.word), right)
    return graded


def _quiet(_event: TurnEvent) -> None:
    """Hear and say nothing: the page tells it all afterwards."""
