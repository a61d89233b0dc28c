"""Text of e-mails and web pages, without their markup."""

from __future__ import annotations

import email.policy
from email import message_from_bytes
from email.message import EmailMessage
from html.parser import HTMLParser

from app.adapters.documents.refusals import broken
from app.adapters.documents.text import decoded

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_HIDDEN = frozenset({"script", "style", "head", "template", "noscript"})
_BLOCKS = frozenset({
    "p", "div", "br", "li", "tr", "table", "section", "article", "blockquote", "pre", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip


def email_text(data: bytes, name: str) -> str:
    """Return who wrote to whom, when and about what, the body, and the names of attachments.

    Attachments inside an e-mail are named but not read; DocumentError when there is no e-mail.
    """
    message = message_from_bytes(data, EmailMessage, policy=email.policy.default)
    lines = [f"{header}: {message[header]}" for header in _HEADERS if message[header]]
    if not lines:
        raise broken(name)
    body = message.get_body(("plain", "html"))
    if body is not None:
        try:
            text = str(body.get_content())
        except LookupError:  # an encoding nobody knows
            text = decoded(body.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        lines += ["", _visible(text) if body.get_content_subtype() == "html" else text]
    names = [part.get_filename() or "without a name" for part in message.iter_attachments()]
    if names:
        lines += ["", f"[Attachments of the e-mail, not read: {', '.join(names)}]"]
    return "\n".join(lines)


def html_text(data: bytes, name: str) -> str:  # noqa: ARG001 - every reader is called alike
    """Return what a browser would show as text."""
    return _visible(decoded(data))


def _visible(markup: str) -> str:
    parser = _Visible()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Visible(HTMLParser):
    """Collects text outside of scripts and styles, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)
