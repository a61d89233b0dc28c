"""Yes and no, none, and the answers that are no answer: refused, unsure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.substance.passages import Passages, sentence_at
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import Ruling, Verdict, on_one_line

_OPENING_CHARS = 240
_YES = r"(?P<yes>yes|yeah|true|ja|oui|sí)"
_NO = r"(?P<no>no|false|nein|non)"
# A verdict opens a sentence or follows a mark, and is a sentence's own: "No tenant may" is none.
_VERDICT = re.compile(
    r"(?:(?<=\n)|\A|(?<=[.!?:;—(\"'|/] )|(?<=[(\"'|:{/\n])|(?<= is )|(?<= be )|(?<=[Aa]nswer )"
    r"|(?<=[Ss]o, )"
    r"|(?<=[Tt]hus, )|(?<=[Hh]ence, )|(?<=[Tt]herefore, )|(?<=, )|(?<= so ))"
    rf"(?i:{_YES}(?![\w'-])|{_NO}(?=\s*(?:[,.;:!?)\"'}}|/]|$|\n|- |—|\((?![0-9])"
    r"|(?:it|they|he|she|the|this|that|there|because|since|as|but|and|if|under|we|you|violation"
    r"|longer)\b)))(?!\.? ?[0-9])"
)
_HEDGE = re.compile(
    r"(?i:\b(?:probably|likely|possibly|perhaps|maybe|might|may well|arguably|it depends"
    r"|depends (?:on|upon)"
    r"|depending on|unclear|uncertain|not (?:entirely |absolutely |completely )?(?:clear|certain"
    r"|sure)"
    r"|in principle|in most cases|typically|usually|subject to|provided that|provided|unless"
    r"|only if"
    r"|if and only if|but only|as long as|so long as|on condition|to the extent|partly|partially"
    r"|in part|yes and no|not necessarily|i think|i believe|seems?|appears?|but not if|except)\b)"
)
_REASON = re.compile(r"(?i:[,;—] ?(?:because|since|as|given that)\b|\b(?:because|since)\b)")
_MORE = re.compile(r"\s{1,2}(?i:but|however|unless|it depends|that said|only if|provided)\b")
_REFUSAL = re.compile(
    r"(?i:\b(?:I(?:'m| am) (?:sorry|unable|not able|afraid|not in a position)|I (?:cannot|can't"
    r"|can not"
    r"|won't|will not|must decline|have to decline|am not allowed)|I (?:do not"
    r"|don't) (?:have (?:access"
    r"|enough|the|any|your)|see (?:any|an|the))|as an AI|unable to (?:assist|help|answer|comply"
    r"|access"
    r"|open|view|provide)|cannot (?:assist|help with|comply)|please (?:provide|attach|upload|share"
    r"|paste)"
    r"|(?:no|without (?:the|a)) (?:document|contract|attachment|file|excerpt) (?:was|is|has been)"
    r"|not (?:provide|give|offer) legal advice|es tut mir leid|je ne peux pas)\b)"
)
_UNSURE = re.compile(
    r"(?i:\b(?:can(?:not|'t| not) (?:be )?(?:determined?|established|calculated?|ascertain(?:ed)?"
    r"|say|tell"
    r"|confirm(?:ed)?|verify|verified|inferred|concluded)|in(?:sufficient|adequate) (?:information"
    r"|data)"
    r"|not enough (?:information|data|detail)|not possible to (?:say|tell|determine)|it depends"
    r"|is (?:unclear|uncertain|ambiguous)|not (?:clear|certain|sure)|unclear|impossible to (?:say"
    r"|tell"
    r"|determine)|more information (?:is|would be))\b)"
)
_NONE = re.compile(
    r"(?i:(?:(?:(?:the )?(?:answer|result)|it|they|this) (?:is|are|:) )?(?:there (?:is|are|was"
    r"|were) (?:none|no"
    r"|not any)\b|none\b|n/a\b"
    r"|not applicable\b|nil\b|nothing\b|null\b|not (?:named|specified|stated|mentioned|provided"
    r"|given|found"
    r"|included|available|disclosed|identified|applicable|present)\b|no (?:[\w-]+ ){0,5}(?:is "
    r"|are |was |were"
    r" |has been |have been )?(?:named|specified|stated|mentioned|found|provided|identified"
    r"|included|given"
    r"|listed|disclosed|apply|applies|present)\b))"
)
_DOES_NOT_SAY = re.compile(
    r"(?i:(?:the |this )?(?:[\w-]+ ){1,4}does not (?:mention|specify|state|name|contain|include"
    r"|identify"
    r"|provide|say|list)\b)"
)


def ruling(plain: Plain, where: Passages) -> Ruling | None:
    """Return what a yes-or-no answer comes to, or None where it says neither, or both."""
    found = list(_rulings(plain))
    if not found:
        return None
    for span in (where.marked, where.cued):
        inside = [] if span is None else [it for at, it in found if _in(at, span)]
        if inside:
            return _united(inside, found[0][1] if _opens(found[0][0], where) else None)
    if _opens(found[0][0], where):
        last = [it for at, it in found if _in(at, where.lines[-1])]
        return _united([found[0][1]], *last)
    return _united([it for _, it in found])


def _in(at: int, span: Place) -> bool:
    return span.start - 1 <= at <= span.end


def _opens(at: int, where: Passages) -> bool:
    """Return whether a place is the beginning of the text, brackets and quotes aside."""
    return bool(where.lines) and at - where.lines[0].start < 3


def _united(found: list[Ruling], *others: Ruling | None) -> Ruling | None:
    """Return the one ruling that all are, hedged if one is; None where they contradict."""
    every = [*found, *(other for other in others if other is not None)]
    if len({each.verdict for each in every}) > 1:
        return None
    return next((each for each in every if each.hedged), every[0])


def _rulings(plain: Plain) -> Iterator[tuple[int, Ruling]]:
    text = plain.text
    for match in _VERDICT.finditer(text):
        word = "yes" if match["yes"] else "no"
        start, end = match.span(word)
        sentence = sentence_at(text, start)
        yield (
            start,
            Ruling(
                on_one_line(text[start:end]),
                plain.place(start, end),
                Verdict(word),
                hedged=_hedged(text, start, sentence),
            ),
        )


def _hedged(text: str, start: int, sentence: Place) -> bool:
    """Return whether the sentence of a verdict, before its reasons, makes it less than sure."""
    before = text[max(0, start - 30) : start].rpartition("\n")[2]
    said = _REASON.split(text[start : sentence.end], maxsplit=1)[0]
    more = _MORE.match(text, sentence.end)
    return bool(_HEDGE.search(before) or _HEDGE.search(said) or more)


def refuses(plain: Plain) -> bool:
    """Return whether an answer opens by declining to give one."""
    return _REFUSAL.search(plain.text[:_OPENING_CHARS]) is not None


def unsure(plain: Plain, where: Passages) -> bool:
    """Return whether the part that should be the answer says that there is no telling."""
    spans = [where.marked or where.cued]
    if spans[0] is None:
        spans = [*where.lines[:1], *where.lines[-1:]]
    return any(
        span is not None and _UNSURE.search(plain.text, span.start, min(span.end, span.start + 300))
        for span in spans
    )


def says_none(plain: Plain, where: Passages) -> bool:
    """Return whether the answer is that there is none, or that the text does not say."""
    span = where.marked or where.cued or (where.lines[0] if where.lines else None)
    if span is None:
        return False
    start = span.start
    while start < span.end and plain.text[start] in " \"'([{-":
        start += 1
    return bool(_NONE.match(plain.text, start) or _DOES_NOT_SAY.match(plain.text, start))
