"""Answers to render, made up word by word from a seed: the same text in each run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_WORDS = (
    "the seller buyer notice clause party breach term claim date delivery payment consent "
    "liability shall may must not within business days written agreement schedule event remedy"
)
_HAN = "本合同双方应当在收到书面通知后十日内履行义务任何一方违约须赔偿对方因此遭受的损失"
_ARABIC = "يجب على الطرف المتعاقد أن يقدم إشعارا كتابيا خلال عشرة أيام من تاريخ الحدث"


_LATIN_WORDS, _ARABIC_WORDS = _WORDS.split(), _ARABIC.split()


def _sentence(dice: random.Random, length: int) -> str:
    return " ".join(dice.choice(_LATIN_WORDS) for _ in range(length)).capitalize() + "."


def _prose(dice: random.Random) -> str:
    return " ".join(
        _sentence(dice, dice.randint(7, 20)) + dice.choice(("", "", " **Note** `cl. 14.2`."))
        for _ in range(dice.randint(2, 5))
    )


def _bullets(dice: random.Random) -> str:
    def item() -> str:
        return f"- **{dice.choice(_LATIN_WORDS)}**: {_sentence(dice, 10)}"

    return "\n".join(item() for _ in range(dice.randint(3, 7)))


def _rows(dice: random.Random, count: int) -> str:
    def row(number: int) -> str:
        name, what = dice.choice(_LATIN_WORDS), dice.choice(_LATIN_WORDS)
        return f"| {name} | {dice.randint(1, 9999)} | {what} | cl. {number} |\n"

    return "".join(row(number) for number in range(count))


def _code(dice: random.Random, count: int) -> str:
    def line() -> str:
        name, call = dice.choice(_LATIN_WORDS), dice.choice(_LATIN_WORDS)
        return f"{'    ' * dice.randint(0, 2)}{name} = {call}({dice.random():.3f})\n"

    return "".join(line() for _ in range(count))


_TABLE = "| Party | Amount | What | Where |\n|---|---:|---|---|\n"


def _mixed(dice: random.Random) -> str:
    match dice.choices(("prose", "heading", "list", "table", "code"), (46, 10, 17, 13, 14))[0]:
        case "heading":
            block = f"## {_sentence(dice, 4)}"
        case "list":
            block = _bullets(dice)
        case "table":
            block = _TABLE + _rows(dice, dice.randint(3, 12))
        case "code":
            block = f"```python\n{_code(dice, dice.randint(5, 22))}```"
        case _:
            block = _prose(dice)
    return block + "\n\n"


def _endless(dice: random.Random) -> str:
    return _sentence(dice, dice.randint(7, 20)) + " "


def _han(dice: random.Random) -> str:
    length = dice.randint(60, 240)
    return "".join(dice.choice(_HAN) for _ in range(length)) + "。" + dice.choice(("", "\n\n"))


def _right_to_left(dice: random.Random) -> str:
    words = " ".join(dice.choice(_ARABIC_WORDS) for _ in range(dice.randint(12, 60)))
    return f"{words}." + dice.choice((" ", "\n\n"))


_KINDS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "mixed": ("", _mixed),
    "code": ("```python\n", lambda dice: _code(dice, 8)),
    "table": (_TABLE, lambda dice: _rows(dice, 8)),
    "paragraph": ("", _endless),
    "cjk": ("", _han),
    "right-to-left": ("", _right_to_left),
}
KINDS = tuple(_KINDS)


def tokens(kind: str, count: int, seed: int) -> Iterator[str]:
    """Make ``count`` tokens of four characters; for Chinese, where a token is about one, of one."""
    start, more = _KINDS[kind]
    size = 1 if kind == "cjk" else 4
    dice = random.Random(seed)  # noqa: S311 - text to draw, not a secret
    text, length = [start], len(start)
    while length < count * size:
        text.append(more(dice))
        length += len(text[-1])
    whole = "".join(text)
    return (whole[i * size : (i + 1) * size] for i in range(count))
