"""Model servers on this computer, and any address that speaks a dialect. Data only."""

from __future__ import annotations

from app.adapters.providers.catalog.reading import open_question, read
from app.domain.model import Dialect
from app.domain.vendor import DatedFact, VendorFacts, Wire

_OLLAMA_CLOUD = "https://docs.ollama.com/cloud"
_LM_LINK = "https://lmstudio.ai/docs/developer/core/lmlink"
_LLAMA = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"


def _kept(source: str) -> DatedFact:
    return read("By the computer that answers: look at the server's own log settings.", source)


def _untrained(source: str) -> DatedFact:
    return read("No: nothing is sent to a vendor.", source)


OLLAMA = VendorFacts(
    "Ollama",
    Dialect.OLLAMA,
    "http://localhost:11434",
    receiver="The Ollama server on this computer. A cloud model (its name ends in :cloud or "
    "-cloud) is handed on to ollama.com: it is not local, and not treated as local.",
    jurisdiction=read("This computer, but for its cloud models.", _OLLAMA_CLOUD),
    retention=_kept(_OLLAMA_CLOUD),
    training=_untrained(_OLLAMA_CLOUD),
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
    retention=_kept(_LM_LINK),
    training=_untrained(_LM_LINK),
    needs_key=False,
    aliases=("lmstudio",),
)

LLAMA_CPP = VendorFacts(
    "llama.cpp server",
    Dialect.OPENAI_CHAT,
    "http://localhost:8080/v1",
    receiver="The server on this computer.",
    jurisdiction=read("This computer.", _LLAMA),
    retention=_kept(_LLAMA),
    training=_untrained(_LLAMA),
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
