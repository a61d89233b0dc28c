#!/usr/bin/env python3
"""Build the Debian package: PyInstaller's folder under /usr/lib/counterpart, and its menu entry.

    .venv/bin/python packaging/build_deb.py      writes dist/counterpart_VERSION_ARCHITECTURE.deb

Needs the tools of scripts/check.py (PyInstaller is among them) and dpkg-deb.
"""
# ruff: noqa: S603, T201 - a script: it runs tools by fixed commands, and prints what it built

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.install.system import PAINTING, WINDOW  # noqa: E402
from scripts.notices import copy_texts  # noqa: E402

PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build" / "deb"
DIST = ROOT / "dist"
# What other parts than Qt's window need: Qt's network module, numpy and the practice model.
_ALSO = ("libbrotli1", "libgomp1", "libgssapi-krb5-2", "libstdc++6")
# Debian 13 and Ubuntu 24.04 renamed it.
_RENAMED = {"libglib2.0-0": "libglib2.0-0 | libglib2.0-0t64"}
_ICON_SIZES = (48, 128, 256)


def version() -> str:
    """Return the project's version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def architecture() -> str:
    """Return Debian's name for this machine, such as amd64."""
    asked = ["dpkg", "--print-architecture"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def freeze() -> Path:
    """Run PyInstaller and return the folder that it made."""
    target = ROOT / "build" / "frozen"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(target), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([*command, str(PACKAGING / "counterpart.spec")], cwd=ROOT, check=True)
    return target / "counterpart"


def control(installed_kb: int) -> str:
    """Return the package's description for dpkg. `installed_kb` is its size on the disk."""
    libraries = sorted({*PAINTING.values(), *WINDOW.values(), *_ALSO})
    depends = ["libc6 (>= 2.34)", *(_RENAMED.get(name, name) for name in libraries)]
    return f"""Package: counterpart
Version: {version()}
Architecture: {architecture()}
Maintainer: The Counterpart project <counterpart@localhost>
Installed-Size: {installed_kb}
Section: misc
Priority: optional
Depends: {", ".join(depends)}
Recommends: gnome-keyring | libpam-kwallet5, fonts-inter
Description: which of your prompts really need the expensive model?
 Asks a cheap and a frontier model the same prompt side by side, learns from
 your votes which prompts the cheap one answers well enough, and shows what
 that saved. Everything but the prompt stays on this computer.
"""


def draw_icons(folder: Path) -> None:
    """Paint the icon in the sizes that menus ask for, below `folder` (icons/hicolor)."""
    from PySide6.QtGui import QColorConstants, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    source = PACKAGING / "counterpart.svg"
    renderer = QSvgRenderer(str(source))
    for size in _ICON_SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(QColorConstants.Transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        target = folder / f"{size}x{size}" / "apps" / "counterpart.png"
        target.parent.mkdir(parents=True)
        image.save(str(target))
    scalable = folder / "scalable" / "apps" / "counterpart.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copyfile(source, scalable)


def write_papers(folder: Path) -> None:
    """Write licence, notices and the licence texts of all parts into /usr/share/doc."""
    folder.mkdir(parents=True)
    copyright_text = (
        "Counterpart is under the Apache License 2.0: /usr/share/common-licenses/Apache-2.0.\n"
        "Qt and PySide6 in it are under the LGPL 3.0: /usr/share/common-licenses/LGPL-3,\n"
        "as unmodified shared libraries in /usr/lib/counterpart that you may replace.\n"
        "All other parts are listed in THIRD-PARTY-NOTICES.md, their texts are in licences/.\n"
    )
    (folder / "copyright").write_text(copyright_text, encoding="utf-8")
    for name in ("LICENSE", "THIRD-PARTY-NOTICES.md", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, folder / name)
    copy_texts(folder / "licences")


def lay_out(frozen: Path) -> Path:
    """Lay the files out as they will lie on the system, and return that folder."""
    shutil.rmtree(BUILD, ignore_errors=True)
    tree = BUILD / "tree"
    share = tree / "usr" / "share"
    shutil.copytree(frozen, tree / "usr" / "lib" / "counterpart", symlinks=True)
    command = tree / "usr" / "bin" / "counterpart"
    command.parent.mkdir(parents=True)
    command.symlink_to("../lib/counterpart/counterpart")
    entry = share / "applications" / "counterpart.desktop"
    entry.parent.mkdir(parents=True)
    shutil.copyfile(PACKAGING / "counterpart.desktop", entry)
    draw_icons(share / "icons" / "hicolor")
    write_papers(share / "doc" / "counterpart")
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    (tree / "DEBIAN").mkdir()
    size_kb = sum(path.stat().st_size for path in files) // 1024
    (tree / "DEBIAN" / "control").write_text(control(size_kb), encoding="utf-8")
    for path in tree.rglob("*"):
        # Whatever the builder's umask, every user may read what is installed.
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    return tree


def main() -> int:
    """Build, and print the package's name and size."""
    if shutil.which("dpkg-deb") is None:
        sys.exit("dpkg-deb is missing: build the package on Debian or Ubuntu.")
    tree = lay_out(freeze())
    DIST.mkdir(exist_ok=True)
    package = DIST / f"counterpart_{version()}_{architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "--build", "-Zxz", "-z1", str(tree), str(package)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    print(f"{package} ({package.stat().st_size / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
