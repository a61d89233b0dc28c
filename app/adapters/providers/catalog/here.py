"""Model servers on this computer, and any address that speaks a dialect. Data only."""

from __future__ import annotations

from app.adapters.providers.catalog.reading import by_place, open_question, read
from app.domain.model import Dialect
from app.domain.vendor import VendorFacts, Wire

_OLLAMA_CLOUD = "https://docs.ollama.com/cloud"
_LM_LINK = "https://lmstudio.ai/docs/developer/core/lmlink"
_KEPT = "By no vendor: it stays on this computer. The server itself may log it; see its settings."
_UNTRAINED = "By nobody: it is sent to no vendor."
_BUT_CLOUD = "Its cloud models are another matter: see Ollama Cloud."
_KEPT_OR_LINKED = (
    "By no vendor: it stays on this computer or, with LM Link on, on the device of yours that "
    "answers. The server there may log it; see its settings."
)


OLLAMA = VendorFacts(
    "Ollama",
    Dialect.OLLAMA,
    "http://localhost:11434",
    receiver="The Ollama server on this computer. A cloud model (its name ends in :cloud or "
    "-cloud) is handed on to ollama.com: it is not local, and not treated as local.",
    jurisdiction=read("This computer, but for its cloud models.", _OLLAMA_CLOUD),
    retention=by_place(f"{_KEPT} {_BUT_CLOUD}"),
    training=by_place(f"{_UNTRAINED} {_BUT_CLOUD}"),
    also=(Wire(Dialect.OPENAI_CHAT, "http://localhost:11434/v1"),),
    needs_key=False,
)

LM_STUDIO = VendorFacts(
    "LM Studio",
    Dialect.OPENAI_CHAT,
    "http://localhost:1234/v1",
    receiver="The LM Studio server on this computer. With LM Link switched on, another of your "
    "devices may answer instead, and that cannot be told from here.",
    jurisdiction=read("This computer, unless LM Link is on.", _LM_LINK),
    retention=by_place(_KEPT_OR_LINKED),
    training=by_place(_UNTRAINED),
    needs_key=False,
    aliases=("lmstudio",),
)

LLAMA_CPP = VendorFacts(
    "llama.cpp server",
    Dialect.OPENAI_CHAT,
    "http://localhost:8080/v1",
    receiver="The server on this computer.",
    jurisdiction=by_place("This computer."),
    retention=by_place(_KEPT),
    training=by_place(_UNTRAINED),
    needs_key=False,
    aliases=("llama.cpp", "llama-server", "llamacpp"),
)

ANY_ADDRESS = VendorFacts(
    "Any compatible address",
    Dialect.OPENAI_CHAT,
    "",
    receiver="Whoever runs the address that you give.",
    jurisdiction=open_question("Not known: it depends on the address. Ask who runs it."),
    retention=open_question("Not known: ask who runs the address."),
    training=open_question("Not known: ask who runs the address."),
    also=(
        Wire(Dialect.ANTHROPIC, ""),
        Wire(Dialect.OPENAI_RESPONSES, ""),
        Wire(Dialect.GEMINI, ""),
        Wire(Dialect.OLLAMA, ""),
    ),
    needs_key=False,
    aliases=("other", "any"),
)
