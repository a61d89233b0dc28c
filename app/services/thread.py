"""Threads: what is sent along before a prompt that continues an answer, read from the history."""

from __future__ import annotations

from dataclasses import replace

from app.domain.answer import Answer
from app.domain.errors import InputError
from app.domain.matter import Matter
from app.domain.model import Role
from app.domain.reveal import seats
from app.domain.thread import Exchange, Thread, gone
from app.domain.turn import BESIDE, Turn, TurnMode
from app.domain.vote import Letter
from app.services.ports.history import History


def thread_of(history: History, turn_id: int, answer_id: int) -> Thread:
    """Return what a prompt sends along that continues this answer. Blocking.

    It goes from parent to parent, with the answer of each that was continued. InputError when the
    answer is gone, has no text, or may not be told from the other one yet.
    """
    found: list[Exchange] = []
    documents: list[str] = []
    turn, answer = _continuable(history, turn_id, answer_id)
    role, name = answer.role, answer_name(turn, answer)
    while True:
        matter = history.matter(turn.prompt.matter) or Matter(turn.prompt.matter)
        asked = turn.prompt.full_text()
        found.append(Exchange(turn.id, answer.id, asked, answer.text, matter))
        documents += [item.name for item in turn.prompt.attachments]
        if turn.parent_id is None or turn.continued_answer_id is None:
            break
        turn, answer = _continuable(history, turn.parent_id, turn.continued_answer_id)
    exchanges, files = tuple(reversed(found)), tuple(dict.fromkeys(documents))
    return Thread(exchanges, role, name, files, turn.context_gone)


def with_earlier(history: History, turn: Turn) -> Turn:
    """Return a turn with what it continues in its prompt. Blocking.

    InputError when that has been deleted: it is never asked as if it had continued nothing.
    """
    if turn.continued_answer_id is None:
        return turn
    if turn.parent_id is None:
        raise gone()
    earlier = thread_of(history, turn.parent_id, turn.continued_answer_id).exchanges
    return replace(turn, prompt=replace(turn.prompt, earlier=earlier))


def _continuable(history: History, turn_id: int, answer_id: int) -> tuple[Turn, Answer]:
    turn = history.turn(turn_id)
    known = (*turn.answers, *turn.earlier, *turn.beside) if turn else ()
    answer = next((each for each in known if each.id == answer_id), None)
    if turn is None or answer is None:
        raise gone()
    require_revealed(turn)
    if not answer.text.strip():
        raise InputError(
            "This answer has no text that could be continued.",
            "Continue another answer, or ask the prompt again.",
            "nothing_to_continue",
        )
    return turn, answer


def require_revealed(turn: Turn) -> None:
    """Raise InputError while continuing one of its answers would tell which is which."""
    if turn.running:
        raise InputError(
            f"Comparison {turn.id} is still being answered.",
            "Continue one of its answers when both have ended.",
            "still_answering",
        )
    if not turn.revealed:
        raise InputError(
            f"Comparison {turn.id} is blind, and you have not voted on it yet.",
            "Vote first; then continue either answer.",
            "not_revealed",
        )


def answer_name(turn: Turn, answer: Answer) -> str:
    """Return how a sentence calls an answer: by its letter, where there are two.

    One that has no place of its own (a second look's, folded) is called by its model.
    """
    every = (*turn.answers, *turn.beside)
    if answer not in turn.shown and any(each.id == answer.id for each in every):
        return f"{answer.model.name}’s answer"
    if turn.mode is TurnMode.ROUTED:
        return "the answer"
    return f"answer {seats(turn).letter(answer.role)}"


def named_answer(turn: Turn, word: str) -> Answer:
    """Return the answer that a word means: cheap, frontier, second, third, a, b.

    An empty word means the only answer, or the one that was voted for. InputError otherwise.
    """
    require_revealed(turn)
    answer = _named(turn, word.strip().casefold())
    if answer is None:
        ways = [answer.role.value for answer in turn.answers]
        ways += [way for way, _ in zip(BESIDE, turn.beside, strict=False)]
        if turn.mode is not TurnMode.ROUTED:
            ways += ["a", "b"]
        raise InputError(
            f"Comparison {turn.id} has no answer “{word}”."
            if word
            else f"Comparison {turn.id} has two answers, and your vote chose neither.",
            "Say which: " + ", ".join(f"{turn.id}:{way}" for way in ways) + ".",
            "which_answer",
        )
    return answer


def _named(turn: Turn, word: str) -> Answer | None:
    roles = [role.value for role in Role]
    if word in roles:
        return turn.answer(Role(word))
    if word in BESIDE:
        return dict(zip(BESIDE, turn.beside, strict=False)).get(word)
    if word in ("a", "b") and turn.mode is not TurnMode.ROUTED:
        return turn.side(seats(turn).role(Letter(word.upper())))
    if word:
        return None
    if turn.standing is not None:
        return turn.standing
    chosen = turn.vote.choice.value if turn.vote is not None else ""
    return turn.side(Role(chosen)) if chosen in roles else None
