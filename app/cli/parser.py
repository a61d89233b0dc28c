"""The command line: what may be typed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from app.cli.calibrate_parser import add_calibrate, add_reasons
from app.domain.errors import InputError
from app.domain.matter import PolicyKind
from app.domain.model import Dialect, Role

Add = Callable[[str, str], "OneSentenceParser"]
_MOST_DIGITS = 18  # of a number that a row of the history can have


class OneSentenceParser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError: the fault, and how to see the way."""
        said = f"{message[:1].upper()}{message[1:]}."
        raise InputError(said, f"See `{self.prog} --help`.", "bad_command")


def _common() -> OneSentenceParser:
    """Return the options that are accepted after any command."""
    common = OneSentenceParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--json", action="store_true", help="print JSON")
    common.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="keep everything in this folder instead"
    )
    common.add_argument(
        "--sample", action="store_true", help="use the labelled sample history, in its own file"
    )
    return common


def build_parser(version: str) -> OneSentenceParser:
    """Return the parser of every command."""
    common = _common()
    parser = OneSentenceParser(
        prog="counterpart",
        parents=[common],
        description="Which of your prompts really need the expensive model? "
        "Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Counterpart {version}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, text: str) -> OneSentenceParser:
        return commands.add_parser(name, parents=[common], help=text, description=text)

    _asking(add)
    _models(add("model", "add, list, find, test or remove models"), common)
    _vendors(add("vendor", "which vendors can be chosen, and which models each lists"), common)
    pair = add("pair", "choose the pair that is compared")
    choices = pair.add_subparsers(dest="action", required=True, metavar="ACTION")
    use = choices.add_parser("use", parents=[common], help="use two of your models")
    use.add_argument("cheap", metavar="CHEAP")
    use.add_argument("frontier", metavar="FRONTIER")
    second = choices.add_parser(
        "second", parents=[common], help="choose the second cheap model of a second look"
    )
    third = choices.add_parser(
        "third",
        parents=[common],
        help="choose a third cheap model: an answer stands where any two of three agree",
        description="Choose a third cheap model, beside the second. About three quarters of the "
        "prompts that can be checked are then answered without the frontier, instead of three "
        "fifths; of the answers kept about 1 in 16 rather than 1 in 28 would have been better on "
        "the frontier (measured on mathematics, word problems and code, not on legal work). Each "
        "such prompt takes one more cheap call.",
    )
    for parser_of, given_up in ((second, "take no second look any more"), (third, "look with two")):
        which = parser_of.add_mutually_exclusive_group(required=True)
        which.add_argument("name", nargs="?", metavar="NAME")
        which.add_argument("--none", action="store_true", help=given_up)
    choices.add_parser("show", parents=[common], help="show the pair in use")
    choices.add_parser("practice", parents=[common], help="go back to the practice pair")
    _matters(add("matter", "list matters and set their sending policies"), common)
    _limits(add("limits", "how long an answer may take, and whom to trust"), common)
    _reading(add, common)
    _spending(add, common)
    add_calibrate(add("calibrate", "ask your own prompts of both models, and vote blind"), common)
    tour = add("tour", "make a tour of the program as one page, without a screen")
    tour.add_argument("--html", type=Path, metavar="FILE", help="where to write the page")
    tour.add_argument("--prompts", type=int, default=0, metavar="N", help=argparse.SUPPRESS)
    return parser


def _prompt_options(parser: OneSentenceParser) -> None:
    parser.add_argument("prompt", metavar="PROMPT", help="the prompt, or - to read standard input")
    parser.add_argument("--attach", type=Path, metavar="FILE", help="a PDF, DOCX or text file")
    parser.add_argument("--matter", default="", metavar="NAME", help="the matter it belongs to")
    parser.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="a tag; may be repeated"
    )
    parser.add_argument(
        "--continue", dest="continued", type=_continued, default=None,
        metavar="ID[:cheap|frontier|a|b]",
        help="send an earlier comparison and one of its answers along, under its matter",
    )  # fmt: skip


def _continued(word: str) -> tuple[int, str]:
    number, _, answer = word.partition(":")
    if not _is_whole(number):
        raise argparse.ArgumentTypeError(f"{word} is no comparison; write 12, or 12:frontier")
    return int(number), answer


def _is_whole(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS


def _id(word: str) -> int:
    if not _is_whole(word.removeprefix("-")):
        raise argparse.ArgumentTypeError(f"{word} is no number of a comparison")
    return int(word)


def _asking(add: Add) -> None:
    compare = add("compare", "ask both models of the pair")
    _prompt_options(compare)
    compare.add_argument("--blind", action="store_true", help="hide which is which until the vote")
    ask = add("ask", "let your rule choose the model, and ask it")
    _prompt_options(ask)
    for sends in (compare, ask):
        sends.add_argument(
            "--over-budget", action="store_true", help="send it even if it passes your budget"
        )
    _prompt_options(add("route", "say where a prompt would go, without sending it"))
    vote = add("vote", "vote on a comparison")
    vote.add_argument("id", type=_id, metavar="ID")
    vote.add_argument(
        "choice",
        metavar="CHOICE",
        help="blind: a, equal, b, neither; open: cheap, equal, frontier, neither; "
        "routed: good_enough, not_good_enough",
    )
    add_reasons(vote)


def _models(model: OneSentenceParser, common: OneSentenceParser) -> None:
    actions = model.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", parents=[common], help="add a model")
    add.add_argument("name", metavar="NAME")
    add.add_argument(
        "--dialect",
        default="",
        choices=[item.value for item in Dialect],
        help="what the server speaks; the vendor's own without it",
    )
    add.add_argument(
        "--base-url", default="", metavar="URL", help="the address; the vendor's own without it"
    )
    add.add_argument("--model", required=True, metavar="ID")
    add.add_argument("--role", required=True, choices=[item.value for item in Role])
    add.add_argument(
        "--vendor",
        default="",
        metavar="V",
        help="a vendor of the list (see: vendor list); "
        "beside an address that is none of theirs, a name of its own",
    )
    add.add_argument("--system-prompt", default="", metavar="TEXT")
    add.add_argument("--max-tokens", type=int, default=None, metavar="N")
    key = add.add_mutually_exclusive_group()
    key.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    key.add_argument("--key-env", default="", metavar="VAR", help="keep only this variable's name")
    key.add_argument("--no-key", action="store_true", help="the server needs no key")
    add.add_argument("--local", action="store_true", help="a model on this computer, free")
    add.add_argument("--price-in", default=None, metavar="USD", help="per million tokens read")
    add.add_argument("--price-out", default=None, metavar="USD", help="per million tokens written")
    actions.add_parser("list", parents=[common], help="list your models")
    actions.add_parser("found", parents=[common], help="list model servers on this computer")
    _price(actions.add_parser("price", parents=[common], help="show or set a model's own price"))
    for name, text in (
        ("test", "make one small real call"),
        ("remove", "remove a model and its key"),
    ):
        one = actions.add_parser(name, parents=[common], help=text)
        one.add_argument("name", metavar="NAME")


def _vendors(vendor: OneSentenceParser, common: OneSentenceParser) -> None:
    actions = vendor.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser(
        "list", parents=[common], help="list the vendors and what each says about your prompts"
    )
    models = actions.add_parser("models", parents=[common], help="read a vendor's own model list")
    models.add_argument("vendor", metavar="VENDOR")
    models.add_argument(
        "--search", default="", metavar="WORDS", help="only ids and names with them"
    )
    models.add_argument("--base-url", default="", metavar="URL", help="ask this address instead")
    models.add_argument("--dialect", default=None, choices=[item.value for item in Dialect])
    key = models.add_mutually_exclusive_group()
    key.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    key.add_argument("--key-env", default="", metavar="VAR", help="the variable that holds it")


def _price(price: OneSentenceParser) -> None:
    price.add_argument("name", metavar="NAME")
    price.add_argument(
        "--in", dest="price_in", default=None, metavar="X", help="per million tokens read"
    )
    price.add_argument(
        "--out", dest="price_out", default=None, metavar="Y", help="per million tokens written"
    )
    price.add_argument("--cached", default=None, metavar="Z", help="per million cached tokens read")
    price.add_argument("--currency", default=None, metavar="C", help="of these prices; USD if left")
    price.add_argument("--list", action="store_true", help="go back to the list price")


def _spending(add: Add, common: OneSentenceParser) -> None:
    prices = add("prices", "show how old the list prices are, or fetch newer ones")
    actions = prices.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("show", parents=[common], help="show their age, and your models' prices")
    refresh = actions.add_parser(
        "refresh", parents=[common], help="fetch the published list; nothing of yours is sent"
    )
    refresh.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="ADDRESS",
        help="another copy: https, or a file",
    )
    budget = add("budget", "show or set what may be spent")
    actions = budget.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("show", parents=[common], help="show limits, and what this month has cost")
    limits = actions.add_parser("set", parents=[common], help="set limits in one currency")
    limits.add_argument("--currency", default="USD", metavar="C")
    for what, said in (("month", "in a calendar month"), ("prompt", "for one prompt")):
        either = limits.add_mutually_exclusive_group()
        either.add_argument(f"--{what}", default=None, metavar="AMOUNT", help=f"at most {said}")
        either.add_argument(f"--no-{what}", action="store_true", help=f"no limit {said}")


def _matters(matter: OneSentenceParser, common: OneSentenceParser) -> None:
    actions = matter.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", parents=[common], help="list matters")
    policy = actions.add_parser("policy", parents=[common], help="set who may be sent its prompts")
    policy.add_argument("name", metavar="NAME")
    policy.add_argument("policy", choices=[item.value.replace("_", "-") for item in PolicyKind])
    policy.add_argument("--vendor", action="append", default=[], metavar="V")


def _at_least_one(word: str) -> int:
    if not _is_whole(word) or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word} is no whole number from 1 up")
    return int(word)


def _limits(limits: OneSentenceParser, common: OneSentenceParser) -> None:
    actions = limits.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("show", parents=[common], help="show what holds now")
    change = actions.add_parser("set", parents=[common], help="change what is named, from now on")
    for option, text in (
        ("--connect", "seconds to connect"),
        ("--first-token", "seconds to the first word"),
        ("--between-tokens", "seconds to the next word"),
        ("--whole-answer", "seconds for a whole answer"),
    ):
        change.add_argument(option, type=float, default=None, metavar="S", help=text)
    change.add_argument(
        "--answer-mb", type=float, default=None, metavar="MB", help="size of an answer"
    )
    file = change.add_mutually_exclusive_group()
    file.add_argument(
        "--ca-file", default=None, metavar="FILE",
        help="trust the certificates in this PEM file as well as the system's own",
    )  # fmt: skip
    file.add_argument(
        "--no-ca-file", action="store_true", help="trust the system's own certificates only"
    )
    change.add_argument(
        "--usual", action="store_true", help="go back to the usual figures, then change the rest"
    )


def _reading(add: Add, common: OneSentenceParser) -> None:
    history = add("history", "search, show or delete what was asked")
    actions = history.add_subparsers(dest="action", required=True, metavar="ACTION")
    search = actions.add_parser("search", parents=[common], help="find prompts and answers")
    search.add_argument("words", nargs="*", metavar="WORDS")
    search.add_argument("--limit", type=_at_least_one, default=50, metavar="N")
    for name, text in (("show", "show one, whole"), ("delete", "delete one for good")):
        one = actions.add_parser(name, parents=[common], help=text)
        one.add_argument("id", type=_id, metavar="ID")
    _rule(add("rule", "what your votes have taught the rule, and what you tell it"), common)
    savings = add("savings", "what was paid, and what the frontier alone would have cost")
    savings.add_argument("--practice", action="store_true", help="of the practice pair")
    savings.add_argument("--months", type=int, default=None, metavar="N")
    savings.add_argument("--matter", default=None, metavar="NAME")


def _rule(rule: OneSentenceParser, common: OneSentenceParser) -> None:
    rule.set_defaults(action="show")
    actions = rule.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("show", parents=[common], help="show what it learned and promises")
    limit = actions.add_parser("limit", parents=[common], help="set your limit, as 1/10 or 0.1")
    limit.add_argument("share", metavar="SHARE")
    sure = actions.add_parser(
        "confidence", parents=[common], help="set how sure the limit is to hold, as 90%% or 0.95"
    )
    sure.add_argument("share", metavar="SHARE")
    needed = actions.add_parser(
        "votes", parents=[common], help="set from how many votes auto-route is offered"
    )
    needed.add_argument("votes", type=_at_least_one, metavar="N")
    replay = actions.add_parser(
        "replay",
        parents=[common],
        help="run the rule over your own history, or make one past decision again",
    )
    replay.add_argument("id", type=_id, nargs="?", metavar="ID")
    actions.add_parser("pins", parents=[common], help="list your pins")
    for name, text in (
        ("pin", "add a pin: 'prompt mentions “privilege” -> frontier'"),
        ("unpin", "remove the pin that says this"),
    ):
        one = actions.add_parser(name, parents=[common], help=text)
        one.add_argument("words", metavar="WORDS")
    checks = actions.add_parser("checks", parents=[common], help="list spot checks to vote on")
    checks.add_argument("--chance", default=None, metavar="SHARE", help="set it, as 1/16 or 0.06")
