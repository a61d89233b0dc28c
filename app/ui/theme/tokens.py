"""The colours of the design, light and dark, and how far apart two of them are."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour a meaning, as ``#RRGGBB``; ``*_soft`` is the ground behind its own words."""

    window: str
    surface: str
    sunken: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    cheap: str
    cheap_soft: str
    frontier: str
    frontier_soft: str
    warning: str
    warning_soft: str
    bad: str

    def colour(self, name: str) -> str:
        """Give the colour called ``name``; raise ``KeyError`` where there is no such meaning."""
        if name not in NAMES:
            raise KeyError(name)
        value: str = getattr(self, name)
        return value


NAMES = frozenset(field.name for field in fields(Tokens))

LIGHT = Tokens(
    window="#F6F7F9",
    surface="#FFFFFF",
    sunken="#EEF0F3",
    line="#DDE1E7",
    text="#17202B",
    muted="#525E6B",
    faint="#66717E",
    accent="#1F5FBF",
    accent_soft="#E6EEFA",
    on_accent="#FFFFFF",
    cheap="#0B6F5B",
    cheap_soft="#E3F3EF",
    frontier="#6B4BB8",
    frontier_soft="#EEE9F9",
    warning="#8A5000",
    warning_soft="#FBF1DF",
    bad="#B3261E",
)
DARK = Tokens(
    window="#12161C",
    surface="#1A2028",
    sunken="#161B22",
    line="#2E3742",
    text="#E8ECF1",
    muted="#A9B4C0",
    faint="#8C98A5",
    accent="#7FB0FF",
    accent_soft="#1D2E4A",
    on_accent="#12161C",
    cheap="#55C7AC",
    cheap_soft="#15322D",
    frontier="#B59CF2",
    frontier_soft="#2A2342",
    warning="#E9B65C",
    warning_soft="#362A14",
    bad="#F2857D",
)

# Every pair of words and ground that the program draws; a test holds each to 4.5:1.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("text", "window"),
    ("text", "surface"),
    ("text", "sunken"),
    ("text", "accent_soft"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("muted", "accent_soft"),
    ("faint", "window"),
    ("faint", "surface"),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("cheap", "surface"),
    ("cheap", "window"),
    ("cheap", "cheap_soft"),
    ("frontier", "surface"),
    ("frontier", "window"),
    ("frontier", "frontier_soft"),
    ("warning", "surface"),
    ("warning", "warning_soft"),
    ("bad", "surface"),
    ("bad", "window"),
)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as the accessibility guidelines (WCAG 2) define it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, from 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
