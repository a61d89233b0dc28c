#!/usr/bin/env python3
"""Write the lock files anew: exact versions with hashes, for every system, no index address.

    python3 scripts/lock.py              keep the locked versions where requirements*.in still allow
    python3 scripts/lock.py --upgrade    take the newest versions allowed

requirements-model.lock holds one package by hand and is not touched.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (("requirements.in", "requirements.lock"), ("requirements-dev.in", "requirements-dev.lock"))
OLDEST_PYTHON = "3.11"


def compile_command(uv: str, source: str, lock: str, upgrade: bool) -> list[str]:
    """Return the command that writes one lock file from its source."""
    command = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-sources", "--system-certs"]
    # pip takes "coverage[toml]" for another requirement than "coverage": once a newer release
    # appears, it finds that one unpinned and refuses the whole file.
    command += ["--no-strip-extras"]
    command += ["--python-version", OLDEST_PYTHON, "--quiet", "--output-file", lock, source]
    return [*command, "--upgrade"] if upgrade else command


def addresses(text: str) -> list[str]:
    """Return the lines of a lock file that name an address, which none may."""
    return [line for line in text.splitlines() if re.search(r"\w+://|--(extra-)?index-url", line)]


def find_uv(folder: Path) -> str:
    """Return the path of uv, installing it into a throw-away environment if it is not there."""
    found = shutil.which("uv")
    if found:
        return found
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(binaries / "uv")


def main() -> int:
    """Write both locks. Returns the exit code: 1 when uv failed or an address slipped in."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        uv = find_uv(Path(scratch) / "uv")
        for source, lock in LOCKS:
            command = compile_command(uv, source, lock, options.upgrade)
            if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
                print(f"uv could not write {lock}; it is as it was.", file=sys.stderr)
                return 1
            found = addresses((ROOT / lock).read_text(encoding="utf-8"))
            if found:
                print(f"{lock} names an address, take it out: {found[0]}", file=sys.stderr)
                return 1
            print(f"{lock} written from {source}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
