"""Before a run: what it costs, who is sent what, what is left out, and the limit. One button."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.calibration.sentences import spent_text
from app.domain.errors import InputError, Problem
from app.domain.money import Money
from app.domain.words import counted, money_text
from app.services.calibrate_review import Review
from app.ui.theme import current
from app.ui.widgets.card import titled_card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.fitted_area import FittedArea
from app.ui.widgets.folding_grid import Arrangement, Cell, FoldingGrid
from app.ui.widgets.stat_card import StatCard, StatRow

_LIMIT_PX = 110
_BESIDE_PX = 560  # narrower, the parts of a line stand under each other
_RIGHT = Qt.AlignmentFlag.AlignRight
_WHO_BESIDE = Arrangement(tuple(Cell(0, column) for column in range(4)), {1: 1})
_WHO_BELOW = Arrangement((Cell(0, 0), Cell(1, 0, 2), Cell(0, 1, 1, _RIGHT), Cell(2, 0, 2)), {0: 1})
_OUT_BESIDE = Arrangement((Cell(0, 0), Cell(0, 1)), {1: 1})
_OUT_BELOW = Arrangement((Cell(0, 0), Cell(1, 0)), {0: 1})


class ReviewPage(QWidget):
    """Shows a review and asks for a limit.

    Signals:
        limit_changed(): another limit is typed.
    """

    limit_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.prompts = StatCard("Prompts")
        self.cheap = StatCard("Cheap")
        self.frontier = StatCard("Frontier")
        self.both = StatCard("Both together")
        self.cards = StatRow((self.prompts, self.cheap, self.frontier, self.both))
        self._who_card, who_box = titled_card("Who is sent these prompts")
        self._who = _lines(_WHO_BESIDE, _WHO_BELOW)
        who_box.addWidget(self._who)
        self._out_card, out_box = titled_card("Left out before the list is fixed")
        self._out = _lines(_OUT_BESIDE, _OUT_BELOW)
        out_box.addWidget(self._out)
        self._limit_card, box = titled_card("How much may it spend?")
        self.limit = QLineEdit()
        self.limit.setAccessibleName("Limit")
        self.limit.textChanged.connect(self.limit_changed)
        self._sign = QLabel()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.limit)
        row.addWidget(
            _words("It stops before a prompt that could pass this, and asks you.", "muted"), 1
        )
        self._limit_row = QWidget()
        self._limit_row.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._limit_row)
        self.told = _words("", "muted")
        box.addWidget(self.told)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for card in (self.cards, self._who_card, self._out_card, self._limit_card):
            column.addWidget(card)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FittedArea(inner))
        self._currency = "USD"
        self._free = False

    def show_review(self, review: Review, limit: Money | None = None) -> None:
        """Show a review; `limit` is the one already set for a fixed list."""
        self._free = review.high is None
        self.prompts.show_figure(
            f"{len(review.entries):,}", "asked of both, in an order drawn by lot"
        )
        cheap, frontier = review.pair.cheap, review.pair.frontier
        self.cheap.show_figure(_cost(spent_text(review.cheap), review), cheap.name)
        self.frontier.show_figure(_cost(spent_text(review.frontier), review), frontier.name)
        self._show_both(review)
        self._show_recipients(review)
        self._show_left_out(review)
        suggested = limit or review.limit
        self._limit_row.setVisible(suggested is not None)
        if suggested is not None:
            self._currency = suggested.currency
            self._sign.setText("$" if self._currency == "USD" else self._currency)
            self.limit.setFixedWidth(current().px(_LIMIT_PX))
            self.limit.setText(f"{suggested.amount:f}")
        self.told.setText(_told(review))

    def _show_both(self, review: Review) -> None:
        if review.low is None or review.high is None:
            free = "free" if review.free else "not known"
            self.both.show_figure(
                free, "nothing is charged" if review.free else "no price is known"
            )
            return
        self.both.show_figure(
            f"≈ {money_text(review.low)}–{money_text(review.high)}",
            "likely, by the length of answers so far",
        )

    def _show_recipients(self, review: Review) -> None:
        lines = []
        for item in review.recipients:
            prompts = QLabel(counted(item.prompts, "prompt"))
            prompts.setProperty("role", "muted")
            who = ElidedLabel(" and ".join(f"{to} ({model})" for model, to in item.receivers))
            # It has the room that the others leave.
            who.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            policy = ElidedLabel(item.policy)
            policy.setProperty("badge", "neutral")
            policy.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            name = ElidedLabel(item.matter)
            name.setMinimumWidth(current().px(150))
            lines.append((name, who, prompts, policy))
        self._who.show_lines(lines)

    def _show_left_out(self, review: Review) -> None:
        self._out_card.setVisible(bool(review.left_out))
        lines = []
        for item in review.left_out:
            start = ElidedLabel(item.entry.prompt.text[:200])
            start.setMinimumWidth(current().px(180))
            reason = _words(item.reason, "muted")
            lines.append((start, reason))
        self._out.show_lines(lines)

    def with_limit(
        self, act: Callable[[Money | None], object], refused: Callable[[Problem], object]
    ) -> None:
        """Act under the limit that is typed; where it is no amount, say so and lead back to it."""
        try:
            limit = self.typed_limit()
        except InputError as error:
            refused(error.problem)
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        act(limit)

    def typed_limit(self) -> Money | None:
        """Return the limit typed; None where nothing is charged. InputError if it is no amount."""
        if self._free:
            return None
        try:
            amount = Decimal(self.limit.text().strip().lstrip("$").replace(",", "."))
        except InvalidOperation:
            amount = Decimal(0)
        if not amount.is_finite() or amount <= 0:
            raise InputError("That limit is not an amount.", "Type an amount such as 10.00.")
        return Money(amount, self._currency)


def _cost(text: str, review: Review) -> str:
    return "free" if review.free else text


def _told(review: Review) -> str:
    said = [
        "The list is fixed before anything is sent: afterwards no prompt can be added or taken "
        "out. You can pause at any time; what has been answered is not asked again."
    ]
    if not review.free:
        said.append("All figures here are estimates (≈); what is billed shows as it comes.")
    said += [f"The price of {name} is not known: no limit can hold it." for name in review.unpriced]
    return " ".join(said)


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _lines(beside: Arrangement, below: Arrangement) -> FoldingGrid:
    lines = FoldingGrid(beside, below, _BESIDE_PX)
    lines.grid.setHorizontalSpacing(16)
    lines.grid.setVerticalSpacing(6)
    return lines
