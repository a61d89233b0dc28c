"""Choosing the prompts of a run: found somewhere, cleaned, duplicates dropped, then fixed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.conversation import Attachment, Prompt, prompt_of
from app.domain.errors import InputError
from app.domain.matter import UNTAGGED
from app.domain.words import counted

FEWEST, MOST = 20, 60
_SEPARATOR = re.compile(r"^[ \t]*---+[ \t]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """One prompt as it was found, before it is checked; `source` tells where, in words.

    An empty matter and no tags mean that the place said nothing of them.
    """

    text: str
    matter: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """What a file, a folder or a text held; `notes` are sentences about what was left out."""

    found: tuple[Found, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One prompt of a list, ready to be asked."""

    prompt: Prompt
    source: str = ""

    @property
    def key(self) -> str:
        """Return what makes two prompts the same: their words, without case, and documents."""
        words = " ".join(unicodedata.normalize("NFKC", self.prompt.text).casefold().split())
        documents = [item.sha256 for item in self.prompt.attachments]
        return hashlib.sha256(json.dumps([words, documents]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The list as it stands, and in sentences what was dropped on the way."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()

    def missing(self) -> str:
        """Return why the list cannot be fixed yet, or an empty string."""
        count = len(self.entries)
        if count < FEWEST:
            return (
                f"{counted(count, 'prompt')} chosen; a run takes {FEWEST} to {MOST}: "
                f"choose {FEWEST - count:,} more."
            )
        if count > MOST:
            return (
                f"{count:,} prompts chosen; a run takes {FEWEST} to {MOST}: "
                f"take out {count - MOST:,}, or draw {MOST} of them by lot."
            )
        return ""


def split_pasted(text: str) -> Import:
    """Return pasted prompts: parted by lines of `---` where there are any, else one a paragraph."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = _SEPARATOR.split(text) if _SEPARATOR.search(text) else _BLANK_LINES.split(text)
    kept = [part.strip() for part in parts if part.strip()]
    return Import(tuple(Found(part, source=f"pasted, no. {n}") for n, part in enumerate(kept, 1)))


def choose(
    found: Iterable[Found],
    *,
    matter: str = "",
    tags: Sequence[str] = (),
    already: Sequence[Entry] = (),
) -> Chosen:
    """Return `already` and what was found behind it, each prompt once, clean and with a matter.

    `matter` and `tags` hold for prompts that bring none of their own.
    """
    entries, known = list(already), {entry.key for entry in already}
    duplicates, unusable = 0, []
    for item in found:
        try:
            prompt = prompt_of(
                item.text,
                item.matter.strip() or matter or UNTAGGED,
                item.tags or tuple(tags),
                item.attachments,
            )
        except InputError as error:
            if error.problem.kind != "empty_prompt":
                unusable.append(f"{item.source}: {error.problem.message}")
            continue
        entry = Entry(prompt, item.source)
        if entry.key in known:
            duplicates += 1
            continue
        known.add(entry.key)
        entries.append(entry)
    notes = list(unusable)
    if duplicates:
        notes.append(f"{counted(duplicates, 'duplicate')} dropped: each prompt counts once.")
    return Chosen(tuple(entries), tuple(notes))


def draw(entries: Sequence[Entry], count: int, seed: str) -> tuple[Entry, ...]:
    """Return `count` of the entries, drawn by lot with that seed, in the order they came."""
    places = shuffled(len(entries), seed)[:count]
    return tuple(entries[place] for place in sorted(places))


def shuffled(count: int, seed: str) -> list[int]:
    """Return 0..count-1 in the one random order that a seed means, on every machine alike."""

    def lot(place: int) -> bytes:
        return hashlib.sha256(f"{seed}:{place}".encode()).digest()

    return sorted(range(count), key=lot)


def described(entry: Entry, *, matter: str | None = None, tags: Sequence[str] | None = None
              ) -> Entry:  # fmt: skip
    """Return the entry under another matter or with other tags, cleaned as a prompt's are."""
    prompt = entry.prompt
    changed = prompt_of(
        prompt.text,
        prompt.matter if matter is None else matter,
        prompt.tags if tags is None else tuple(tags),
        prompt.attachments,
    )
    return replace(entry, prompt=changed)


def digest(prompts: Sequence[Prompt], pair_key: str) -> str:
    """Return the fingerprint of a fixed list: any change to it or to its models shows.

    SHA-256 over the prompts in their order, with matter, tags and documents, and the pair.
    """
    items = [
        [prompt.text, prompt.matter, list(prompt.tags), [a.sha256 for a in prompt.attachments]]
        for prompt in prompts
    ]
    text = json.dumps([pair_key, items], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
