"""Full-text search over SQLite's FTS5: one row a turn, its rowid the turn's id.

Found turns come by recency, never by rank: ranking a common word reads the whole index.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import Connection, Integer, TextClause, bindparam, column, select, table, text

from app.adapters.storage import tables as t
from app.domain.answer import AnswerState

_MAX_QUERY_CHARS = 2_000
_MAX_QUERY_WORDS = 32

# Soft hyphens, zero-width and bidirectional marks: invisible, so nobody can type them to search.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Scripts without spaces: each sign is its own word, so that any part of a sentence is found.
_UNSPACED = re.compile(
    "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)

found = table("turn_search", column("rowid", Integer))


def searchable(text: str) -> str:
    """Return text as it is indexed and looked for: composed, without case and invisible signs.

    The compatibility form also makes one of a PDF's ligature and the letters a person types.
    """
    if text.isascii():
        return text  # the tokenizer itself knows the case of these
    composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).casefold())
    return _UNSPACED.sub(r" \1 ", composed)


def match_expression(words: str) -> str | None:
    """Return the FTS5 expression for words as typed, or None if there is nothing to look for.

    Each word is quoted, so that no sign in it means anything to FTS5, and matches as a prefix;
    a word of one letter matches whole, since a prefix so short would read the entire index.
    """
    terms: dict[str, None] = {}
    for word in searchable(words[:_MAX_QUERY_CHARS]).split():
        pieces = "".join(char if _in_a_word(char) else " " for char in word).split()
        # Marks alone are no word to the tokenizer, and an empty phrase would match nothing.
        letters = [piece for piece in pieces if any(map(_makes_a_word, piece))]
        if letters:
            phrase = f'"{" ".join(letters)}"'
            terms[phrase if len(letters[-1]) == 1 else phrase + "*"] = None
    return " AND ".join(list(terms)[:_MAX_QUERY_WORDS]) or None


def matches(expression: str) -> TextClause:
    """Return the condition that an entry of the index meets the expression."""
    return text("turn_search MATCH :words").bindparams(bindparam("words", expression))


def _makes_a_word(char: str) -> bool:
    """Return whether the tokenizer makes a word of the sign: letters, figures, private use."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Co"


def _in_a_word(char: str) -> bool:
    """Return whether the sign may stand within a word: those that make one, and marks."""
    return _makes_a_word(char) or unicodedata.category(char)[0] == "M"


def index_turn(connection: Connection, turn_id: int) -> None:
    """Bring a turn's entry up to date from its tables; texts still arriving wait for their end."""
    asked = connection.execute(
        select(t.prompt.c.text, t.matter.c.name)
        .join(t.turn, t.turn.c.id == t.prompt.c.turn_id)
        .join(t.matter, t.matter.c.id == t.turn.c.matter_id)
        .where(t.prompt.c.turn_id == turn_id)
    ).one_or_none()
    if asked is None:
        return
    answers = connection.scalars(
        select(t.answer_text.c.text)
        .join(t.answer, t.answer.c.id == t.answer_text.c.answer_id)
        .where(t.answer.c.turn_id == turn_id, t.answer.c.state != AnswerState.STREAMING.value)
        .order_by(t.answer.c.id)
    )
    tags = connection.scalars(
        select(t.tag.c.name).join(t.turn_tag).where(t.turn_tag.c.turn_id == turn_id)
    )
    files = connection.execute(
        select(t.attachment.c.name, t.attachment.c.text).where(t.attachment.c.turn_id == turn_id)
    )
    entry = (
        asked.text,
        "\n".join(answers),
        asked.name,
        "\n".join(tags),
        "\n".join(f"{file.name}\n{file.text}" for file in files),
    )
    connection.exec_driver_sql("DELETE FROM turn_search WHERE rowid = ?", (turn_id,))
    connection.exec_driver_sql(
        "INSERT INTO turn_search (rowid, prompt, answers, matter, tags, attachments) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (turn_id, *map(searchable, entry)),
    )


def forget_turn(connection: Connection, turn_id: int) -> None:
    """Take a turn's words out of the index so that none stays in the file.

    FTS5 only marks an entry as deleted; merging all segments drops it for good, in time that
    grows with the index. Its own `secure-delete` was tried (SQLite 3.53): words that had been
    updated stayed in the file, and the raised file format shuts older libraries out.
    """
    connection.exec_driver_sql("DELETE FROM turn_search WHERE rowid = ?", (turn_id,))
    connection.exec_driver_sql("INSERT INTO turn_search (turn_search) VALUES ('optimize')")
