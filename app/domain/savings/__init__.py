"""Savings: what was paid, and what asking the frontier every time would have cost."""

from app.domain.savings.report import Scope, savings
from app.domain.savings.values import CurrencySavings, Figures, Savings, SavingsRow, SeriesPoint

__all__ = [
    "CurrencySavings",
    "Figures",
    "Savings",
    "SavingsRow",
    "Scope",
    "SeriesPoint",
    "savings",
]
