"""What a report says in whole sentences: alike in the view, on paper and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.domain.calibration.counting import OTHER_WORK, Row, Verdict
from app.domain.calibration.hundred import Hundred
from app.domain.calibration.report import Answerer, CalibrationReport, Spent
from app.domain.calibration.run import RunState
from app.domain.money import Certainty, Money
from app.domain.routing.groups import GroupKind
from app.domain.routing.question import Task
from app.domain.words import counted, interval_text, money_text

_TEN = 10
NOTHING_YET = "No vote has been cast yet, so nothing can be said."


def hundred_sentences(report: CalibrationReport) -> tuple[str, ...]:
    """Return what the run means for the next hundred prompts like its own."""
    hundred = report.hundred
    if hundred is None:
        return (NOTHING_YET,)
    said = [_sending(report, hundred)]
    if hundred.to_cheap:
        said.append(_losing(hundred))
    said += [more for more in (_open_question(report.rows),) if more]
    said.append("Nothing here speaks for prompts of another kind.")
    return tuple(said)


def _sending(report: CalibrationReport, hundred: Hundred) -> str:
    like = f"If they look like these {report.counted:,},"
    if not hundred.to_cheap:
        cost = f" All hundred on the frontier would cost {_about(hundred, hundred.frontier)}."
        return (
            "There is no kind of work yet for which the cheap model is probably enough, so all of "
            "the next hundred would go to the frontier." + (cost if hundred.frontier else "")
        )
    what = f"sending {_joined([_task(name) for name in hundred.to_cheap])} to the cheap model"
    if hundred.free:
        return (
            f"{like} {what} would be {hundred.sent} of the hundred. Neither model costs anything."
        )
    if hundred.frontier is None or hundred.routed is None:
        return (
            f"{like} {what} would be {hundred.sent} of the hundred. What that saves is not known: "
            "not every price is."
        )
    saving = ""
    if hundred.saved_low is not None and hundred.saved_high is not None:
        saving = (
            f" That saves between {_rounded(hundred.saved_low)} and {_rounded(hundred.saved_high)}."
        )
    return (
        f"{like} {what} ({hundred.sent} of the hundred) would cost "
        f"{_about(hundred, hundred.routed)} instead of {_about(hundred, hundred.frontier)}.{saving}"
    )


def _losing(hundred: Hundred) -> str:
    return (
        f"Between {hundred.lost_low} and {hundred.lost_high} of the hundred would have been better "
        "on the frontier."
    )


def _open_question(rows: Sequence[Row]) -> str:
    waiting = [
        row for row in rows if row.kind is GroupKind.TASK and row.verdict is Verdict.CANNOT_TELL
    ]
    parts = [
        f"{_task(row.name)} {'needs' if row.name == OTHER_WORK else 'need'} "
        f"{'more than a hundred' if row.more is None else f'about {row.more:,}'}"
        for row in waiting
    ]
    if not parts:
        return ""
    said = _joined(parts)
    return f"{said[:1].upper()}{said[1:]} more votes before anything can be said."


def caveats(report: CalibrationReport) -> tuple[str, ...]:
    """Return what a reader must know to weigh the report, the weightiest first."""
    return (*particulars(report), *how_to_read(report))


def particulars(report: CalibrationReport) -> tuple[str, ...]:
    """Return what must be known of this very run."""
    fixed = (
        "are fixed, and nothing has been asked yet"
        if report.state is RunState.DRAFTED
        else "were fixed before anything was asked"
    )
    said = [f"The {report.size:,} {fixed}. A prompt without a vote counts against the cheap model."]
    said += [more for more in (_unvoted(report), _changed(report), _late(report)) if more]
    if report.practice:
        said.append("This is the practice pair: it is for learning the program, not for work.")
    return tuple(said)


def how_to_read(report: CalibrationReport) -> tuple[str, ...]:
    """Return what must be known of any such report."""
    return (
        f"{_asked(report)} It speaks only for prompts like these, for this reader, and for exactly "
        "these two models.",
        "“Likely” is the 90% interval of the count. “Probably enough”: at least 4 in 5 were good "
        "enough, and at the low end still more than half. “Leans to the frontier”: even at the "
        "high end fewer than 4 in 5 were. “About N more”: with so many more votes like these the "
        "answer shows as likely as not. Each row stands alone: of ten, one may be off by chance.",
        "Losses are counted with each prompt judged by the others, because the kinds of work were "
        "picked on these very votes. First attempts that broke off are in what was spent.",
    )


def _asked(report: CalibrationReport) -> str:
    """Return how the prompts come to their votes, as far as that has happened."""
    size, lot = counted(report.size, "prompt"), "in an order drawn by lot, of both models"
    match report.state:
        case RunState.DRAFTED:
            return f"{size} will be asked {lot}, and voted on without knowing which is which."
        case RunState.RUNNING | RunState.PAUSED:
            return f"{size} are being asked {lot}, to be voted on without knowing which is which."
        case RunState.ANSWERED:
            return f"{size} were asked {lot}, to be voted on without knowing which is which."
        case RunState.VOTING | RunState.DONE:
            return f"{size} were asked {lot}, and voted on without knowing which was which."


def _unvoted(report: CalibrationReport) -> str:
    parts = []
    if report.closed_at is not None:
        never = report.unvoted - report.incomplete - report.deleted
        if never > 0:
            parts.append(f"{never:,} never voted on")
    elif report.skipped:
        parts.append(f"{report.skipped:,} put off")
    if report.incomplete:
        parts.append(f"{report.incomplete:,} without two whole answers")
    if report.deleted:
        parts.append(f"{report.deleted:,} deleted since")
    said = []
    if parts:
        said.append(f"Counted so here: {_joined(parts)}.")
    if report.closed_at is None and report.waiting > report.skipped:
        left = report.waiting - report.skipped
        said.append(
            f"The lot has not reached {counted(left, 'prompt')} yet; they count for neither model "
            "until the voting ends."
        )
    return " ".join(said)


def _changed(report: CalibrationReport) -> str:
    match report.unchanged:
        case True:
            return ""
        case False:
            return "The list is not what it was when it was fixed: do not rely on this report."
        case None:
            return "A prompt was deleted since, so the list can no longer be checked as fixed."


def _late(report: CalibrationReport) -> str:
    if not report.late_votes:
        return ""
    verb = "was" if report.late_votes == 1 else "were"
    return (
        f"{counted(report.late_votes, 'vote')} {verb} cast after the count had been looked at; "
        "which answer was whose stayed hidden."
    )


def spent_words(report: CalibrationReport) -> str:
    """Return the limit and each side's part: 'limit $10.00 · cheap $0.11, frontier $7.81'."""
    if report.spent.total.certainty is Certainty.FREE and not report.spent.unknown:
        return "both models are free"
    sides = f"cheap {_known(report.spent_cheap)}, frontier {_known(report.spent_frontier)}"
    limit = f"limit {money_text(report.limit)} · " if report.limit else ""
    return limit + sides


def spent_text(spent: Spent) -> str:
    """Return a sum, and that something is missing from it where a price is not known."""
    return _known(spent) if spent.unknown else money_text(spent.total)


def _known(spent: Spent) -> str:
    if not spent.unknown:
        return money_text(spent.total)
    if spent.total.money is None or not spent.total.money.amount:
        return "price not known"
    return f"{money_text(spent.total)} and more"


def answered_words(report: CalibrationReport) -> str:
    """Return what became of the answers, in a few words."""
    if report.incomplete:
        return f"{report.incomplete:,} without two whole answers"
    if report.deleted:
        return f"{report.deleted:,} deleted since"
    return "both models · nothing failed" if report.answered == report.size else "both models"


def likely_words(row: Row) -> str:
    """Return a row's interval in words."""
    return interval_text(row.low, row.high)


def model_words(answerer: Answerer) -> str:
    """Return a model as the report names it, with the versions that it said it was."""
    served = [name for name in answerer.served if name != answerer.model]
    known = f", served as {_joined(served)}" if served else ""
    return f"{answerer.name} ({answerer.model} at {answerer.provider}{known})"


def done_words(report: CalibrationReport) -> str:
    """Return how far the run is, as the badge beside its title says it."""
    size = counted(report.size, "prompt")
    match report.state:
        case RunState.DRAFTED:
            return f"{size}, fixed, not started"
        case RunState.RUNNING | RunState.PAUSED:
            return f"{report.answered:,} of {size} answered"
        case RunState.ANSWERED:
            return f"{report.size:,} of your own prompts, answered by both, ready for your votes"
        case RunState.VOTING | RunState.DONE:
            return f"{report.size:,} of your own prompts, answered by both, voted blind"


def _about(hundred: Hundred, money: Money | None) -> str:
    assert money is not None
    return f"about {'≈ ' if hundred.estimated else ''}{_rounded(money)}"


def _rounded(money: Money) -> str:
    """Return an amount without digits that nobody can know: whole units from ten on."""
    quantum = Decimal(1) if abs(money.amount) >= _TEN else None
    return money_text(money, quantum=quantum)


def _task(name: str) -> str:
    return "other work" if name == OTHER_WORK else Task(name).in_words()


def _joined(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"
