"""The doors that the services need and that the adapters build, one room each."""

from __future__ import annotations

from app.services.ports.calibrations import CalibrationHistory
from app.services.ports.clock import Clock
from app.services.ports.documents import DocumentReader
from app.services.ports.history import History
from app.services.ports.learning import LearningHistory, OutputLength
from app.services.ports.local_model import Endpoint, LocalModel
from app.services.ports.prices import PriceBook, PriceData, PriceSource
from app.services.ports.printer import ReportPrinter
from app.services.ports.prompt_files import PromptFiles
from app.services.ports.providers import ChatRequest, Provider, Providers, Wishes
from app.services.ports.spending import SpendingCheck
from app.services.ports.tokens import TokenCounter
from app.services.ports.turns import TurnHistory
from app.services.ports.vault import Vault
from app.services.ports.vendors import Catalog, ContextWindows, LocalServers, ModelLists

__all__ = [
    "CalibrationHistory",
    "Catalog",
    "ChatRequest",
    "Clock",
    "ContextWindows",
    "DocumentReader",
    "Endpoint",
    "History",
    "LearningHistory",
    "LocalModel",
    "LocalServers",
    "ModelLists",
    "OutputLength",
    "PriceBook",
    "PriceData",
    "PriceSource",
    "PromptFiles",
    "Provider",
    "Providers",
    "ReportPrinter",
    "SpendingCheck",
    "TokenCounter",
    "TurnHistory",
    "Vault",
    "Wishes",
]
