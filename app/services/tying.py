"""The services tied together: each is given the others and the doors that it needs.

The doors are built elsewhere, over real adapters or over those of a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.domain.model import Role
from app.domain.routing.defaults import RuleDefaults
from app.services.archive import Archive
from app.services.ask import Asking
from app.services.attach import Attachments
from app.services.budget import Budgets
from app.services.calibrate import Calibrations
from app.services.calibrate_review import Reviews
from app.services.calibrate_run import Runner
from app.services.compare import Comparisons, draw_seat
from app.services.connections import Connections, DescribeCertificates, InForce
from app.services.container import About, Services
from app.services.decisions import Decisions
from app.services.estimate import Estimates
from app.services.hard_rules import HardRules
from app.services.keys import Keys
from app.services.matters import Matters
from app.services.models import Models
from app.services.pins import Pins
from app.services.ports.clock import Clock
from app.services.ports.documents import DocumentReader
from app.services.ports.history import History
from app.services.ports.local_model import LocalModel
from app.services.ports.prices import PriceBook, PriceSource
from app.services.ports.printer import ReportPrinter
from app.services.ports.prompt_files import PromptFiles
from app.services.ports.providers import Providers
from app.services.ports.tokens import TokenCounter
from app.services.ports.vault import Vault
from app.services.ports.vendors import Catalog, ContextWindows, LocalServers, ModelLists
from app.services.preferences import PreferenceStore
from app.services.pricing import Pricing
from app.services.record import Recorder
from app.services.replay import Replays
from app.services.report import Reports
from app.services.route import Before, Router, draw_lot
from app.services.rule import Rules
from app.services.second_look import SecondLook
from app.services.send import Sender
from app.services.store import Store
from app.services.vendors import Vendors
from app.services.votes import Votes


@dataclass(frozen=True, slots=True)
class Draws:
    """What chance decides: who sits left, and which prompts are checked."""

    seat: Callable[[], Role] = draw_seat
    lot: Callable[[], float] = draw_lot


@dataclass(frozen=True, slots=True)
class Doors:
    """Every door that the services go through.

    `open_history` is called when the history is first needed, in the thread that it stays in.
    `environment` may hold keys; `session` keeps them for one run.
    """

    open_history: Callable[[], History]
    clock: Clock
    vault: Vault
    session: Vault
    environment: Mapping[str, str]
    providers: Providers
    local: LocalModel
    catalog: Catalog
    lists: ModelLists
    servers: LocalServers
    windows: ContextWindows
    prices: PriceBook
    published: PriceSource
    counter: TokenCounter
    documents: DocumentReader
    prompt_files: PromptFiles
    printer: ReportPrinter
    certificates: DescribeCertificates
    in_force: InForce
    about: Callable[[], About]
    draws: Draws = field(default_factory=Draws)
    defaults: RuleDefaults | None = None


def tied(doors: Doors) -> Services:
    """Return the services. Nothing is opened yet: each part opens when first used."""
    clock, draws = doors.clock, doors.draws
    store = Store(doors.open_history)
    keys = Keys(doors.vault, doors.session, doors.environment)
    pricing = Pricing(doors.prices, clock, doors.published, store)
    estimates = Estimates(doors.counter, pricing, store)
    budgets = Budgets(store, clock, estimates)
    sender = Sender(
        doors.providers, keys, doors.local, pricing, doors.counter, clock,
        budgets=budgets, servers=doors.servers,
    )  # fmt: skip
    recorder = Recorder(store)
    asking = Asking(sender, recorder, store)
    # A calibration run asks by itself: stopping what Compare asks must not stop it.
    unattended = Asking(sender, recorder, store)
    decisions = Decisions(store)
    archive = Archive(store, decisions)
    models = Models(store, keys, sender, doors.catalog, doors.local, servers=doors.servers)
    rules = Rules(store, clock, doors.defaults)
    pins = Pins(store)
    preferences = PreferenceStore(store)
    hard = HardRules(store, pins, estimates)
    second_look = SecondLook(asking, models, hard, store, clock, decisions)
    before = Before(hard, second_look)
    return Services(
        asking=asking,
        comparisons=Comparisons(asking, models, clock, draws.seat),
        router=Router(asking, models, rules, before, preferences, archive, clock, draws.lot),
        second_look=second_look,
        votes=Votes(store, archive, clock),
        archive=archive,
        models=models,
        matters=Matters(store),
        keys=keys,
        rules=rules,
        pins=pins,
        replays=Replays(store, rules, clock),
        reports=Reports(store, clock, pricing),
        estimates=estimates,
        pricing=pricing,
        budgets=budgets,
        attachments=Attachments(doors.documents),
        calibrations=_calibrations(doors, unattended, store, archive, models, estimates),
        preferences=preferences,
        connections=Connections(store, doors.in_force, doors.certificates),
        catalog=doors.catalog,
        vendors=Vendors(
            doors.catalog, doors.lists, doors.servers, doors.prices, doors.windows, keys, store,
            clock,
        ),
        about=doors.about,
        store=store,
        providers=doors.providers,
        local=doors.local,
    )  # fmt: skip


def _calibrations(
    doors: Doors,
    asking: Asking,
    store: Store,
    archive: Archive,
    models: Models,
    estimates: Estimates,
) -> Calibrations:
    reviews = Reviews(estimates, store)
    runner = Runner(store, asking, models, reviews, doors.clock, doors.draws.seat)
    return Calibrations(
        store, archive, models, reviews, runner, doors.prompt_files, doors.printer, doors.clock
    )
