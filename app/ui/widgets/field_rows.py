"""Rows of a form: a label beside its field, or above it where there is no room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

_LEAST_CHARS = 12


def keep_narrow(combo: QComboBox) -> None:
    """Let a list of long names ask for no more width than some letters; it takes what there is."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(_LEAST_CHARS)


class FieldRows(QFormLayout):
    """A form layout in the program's own measure; each label is its field's buddy."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[QLabel, QWidget]] = []  # labels that are as high as their field
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(8)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)

    def stack(self, stacked: bool) -> None:
        """Put every label above its field, or beside it where both have room."""
        policy = QFormLayout.RowWrapPolicy
        self.setRowWrapPolicy(policy.WrapAllRows if stacked else policy.WrapLongRows)
        for label, field in self._lines:
            label.setMinimumHeight(0 if stacked else field.sizeHint().height())

    def add_field(self, text: str, field: QWidget, *, one_line: bool = True) -> None:
        """Add a field under its name; a label beside a line stands at the line's middle."""
        label = QLabel(text)
        label.setBuddy(field)
        if one_line:
            label.setMinimumHeight(field.sizeHint().height())
            self._lines.append((label, field))
        if not field.accessibleName():
            field.setAccessibleName(text)
        self.addRow(label, field)
