"""The sample's invented prompts and answers: our own words, about nobody."""

from __future__ import annotations

from dataclasses import dataclass

MATTERS = ("Hartwell v. Oceanic", "Project Larch", "Board memo Q3", "Untagged")

CLAUSES = ("notice", "termination", "liability cap", "force majeure", "assignment",
           "confidentiality", "change of control", "indemnity", "governing law", "rent review",
           "limitation", "warranty", "non-solicitation", "price adjustment")  # fmt: skip
DOCUMENTS = ("supply agreement", "share purchase agreement", "office lease", "loan facility",
             "distribution agreement", "employment contract", "board minutes", "licence",
             "settlement deed", "services schedule", "side letter", "escrow deed")  # fmt: skip
PARTIES = ("the supplier", "the tenant", "the buyer", "the lender", "the distributor",
           "the guarantor", "the employer", "the licensee")  # fmt: skip
DAYS = ("4 March", "18 March", "30 April", "14 December", "31 January", "9 June", "1 October")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its prompts, how often the frontier is better at it, and its size.

    `frontier_better` is a chance (0..1); tokens are typical counts. `{}` places are filled in.
    """

    tag: str
    prompts: tuple[str, ...]
    frontier_better: float
    input_tokens: int
    output_tokens: int


KINDS = (
    Kind(
        "summary",
        (
            "Summarise the {clause} clause of the {document} in five bullet points.",
            "Summarise what the {document} of {day} says about {clause} for a busy partner.",
            "Give the key points of the {document}: parties, term, {clause}.",
        ),
        0.03, 9_000, 320,
    ),
    Kind(
        "notice",
        (
            "Extract all dates and deadlines from the {document}, with the clause of each.",
            "List every notice period in the {document} and who must serve it.",
            "Find each place where the {document} mentions {clause} and quote the sentence.",
        ),
        0.04, 12_500, 260,
    ),
    Kind(
        "rewrite",
        (
            "Rewrite the {clause} clause in plain language for {party}.",
            "Shorten this {clause} paragraph of the {document} to three sentences.",
            "Translate the {clause} clause of the {document} into plain English for {party}.",
        ),
        0.06, 1_400, 300,
    ),
    Kind(
        "letter",
        (
            "Draft a letter to {party} asking for confirmation of {clause} by {day}.",
            "Draft a short e-mail to {party} about the {document} and the {day} deadline.",
            "Draft a {clause} clause for the {document} that favours {party}.",
        ),
        0.26, 3_200, 620,
    ),
    Kind(
        "advice",
        (
            "Analyse whether {party} may rely on the {clause} clause after {day}.",
            "Assess the risks of the {clause} clause in the {document} for {party}.",
            "Evaluate the strengths and weaknesses of {party}'s position on {clause}.",
        ),
        0.52, 16_000, 980,
    ),
    Kind(
        "research",
        (
            "Argue both sides: does the {clause} in the {document} survive termination?",
            "Explain why a court might refuse {party} relief under the {clause} clause.",
        ),
        0.70, 8_500, 1_250,
    ),
)  # fmt: skip

SHORT_ANSWER = (
    "**Sample answer.** The {document} deals with {clause} in two places.\n\n"
    "- Notice by {party} must be in writing, at the latest on {day}.\n"
    "- Whatever is not said there follows the general terms.\n"
)
LONG_ANSWER = (
    "**Sample answer.** In short: it depends on what was served by {day}.\n\n"
    "1. **Wording.** The {clause} clause of the {document} is a condition, so {party} must meet "
    "it to the letter.\n"
    "2. **Facts.** Nothing in the file shows that it was met in time.\n"
    "3. **Next step.** Ask {party} for the original before anything is sent.\n"
)
