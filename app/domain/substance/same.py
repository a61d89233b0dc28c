"""When two values, written differently, say the same. Each relation is symmetric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from app.domain.substance.values import Citation, Figure, Name, WrittenDate

V = TypeVar("V", bound=Figure | WrittenDate | Citation | Name)

_DIGITS_OF_AMOUNT, _DIGITS = 4, 3  # a rounded figure must still show so many
_PAIRS_TRIED = 20_000
_CURRENCIES_HAVE = 3  # letters


def same_figure(one: Figure, other: Figure) -> bool:
    """Return whether two figures say the same: equal, or one the other rounded and still exact.

    A unit may be left out by one of them, never be another one. 16.1% and 16.13% are the same;
    1.2 million and 1,234,567 are not, nor $100 and $100.40: too much is lost.
    """
    if one.negated != other.negated or (one.unit and other.unit and one.unit != other.unit):
        return False
    bare = not (one.unit and other.unit)
    first, first_step = _written(one) if bare else (one.signed, one.step)
    second, second_step = _written(other) if bare else (other.signed, other.step)
    if first == second:
        return True
    coarse = max(first_step, second_step)
    if first_step == second_step or abs(first - second) > coarse / 2:
        return False
    rounded = first if first_step == coarse else second
    unit = one.unit or other.unit
    needed = _DIGITS_OF_AMOUNT if len(unit) == _CURRENCIES_HAVE and unit.isupper() else _DIGITS
    return abs(rounded / coarse) >= Decimal(10) ** (needed - 1)


def _written(figure: Figure) -> tuple[Decimal, Decimal]:
    """Return amount and step in the unit as written: 2 for "2 years", 445 for "445p"."""
    return figure.signed / figure.one, figure.step / figure.one


def same_date(one: WrittenDate, other: WrittenDate) -> bool:
    """Return whether two dates are the same day; a year may be left out by one of them.

    A date with two readings is the same only as one with the same two readings.
    """
    if one.negated != other.negated or one.other != other.other:
        return False
    if one.iso == other.iso:
        return True
    parts, others = _ends(one.iso), _ends(other.iso)
    return len(parts) == len(others) and all(map(_same_day, parts, others))


def _ends(iso: str) -> list[str]:
    return iso.replace("&", "/&").split("/")


def _same_day(one: str, other: str) -> bool:
    if one.startswith("&") != other.startswith("&"):
        return False
    one, other = one.lstrip("&"), other.lstrip("&")
    yearless = one.startswith("--") != other.startswith("--")
    return one == other or (yearless and one[-5:] == other[-5:] and len(one + other) == 17)


def same_citation(one: Citation, other: Citation) -> bool:
    """Return whether two citations name one place; the act may be left out by one of them."""
    if (one.sort, one.key, one.negated) != (other.sort, other.key, other.negated):
        return False
    return one.act == other.act or not (one.act and other.act)


def same_name(one: Name, other: Name) -> bool:
    """Return whether two names are one party's; the legal form may be left out by one of them."""
    if (one.key, one.negated) != (other.key, other.negated):
        return False
    return one.form == other.form or not (one.form and other.form)


def apart(
    ours: Sequence[V], theirs: Sequence[V], same: Callable[[V, V], bool]
) -> tuple[tuple[V, ...], tuple[V, ...], tuple[V, ...]]:
    """Return what both say (as `ours` writes it), and what only one of them says.

    As sets: neither the order nor a repetition makes a difference.
    """
    our_keys = {value.identity for value in ours}
    their_keys = {value.identity for value in theirs}
    left = [value for value in ours if value.identity not in their_keys]
    right = [value for value in theirs if value.identity not in our_keys]
    # Two long lists that differ in much are not tried pair by pair.
    if max(len(left) * len(theirs), len(right) * len(ours)) <= _PAIRS_TRIED:
        left = [value for value in left if not any(same(value, other) for other in theirs)]
        right = [value for value in right if not any(same(value, other) for other in ours)]
    only_ours = {value.identity for value in left}
    shared = [value for value in ours if value.identity not in only_ours]
    return tuple(shared), tuple(left), tuple(right)
