"""Rows of a form: a label beside its field, or above it where there is no room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget


class FieldRows(QFormLayout):
    """A form layout in the program's own measure; each label is its field's buddy."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(8)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)

    def add_field(self, text: str, field: QWidget, *, one_line: bool = True) -> None:
        """Add a field under its name; a label beside a line stands at the line's middle."""
        label = QLabel(text)
        label.setBuddy(field)
        if one_line:
            label.setMinimumHeight(field.sizeHint().height())
        if not field.accessibleName():
            field.setAccessibleName(text)
        self.addRow(label, field)
