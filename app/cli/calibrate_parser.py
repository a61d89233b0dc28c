"""What may be typed after `calibrate`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.domain.vote import Reason

PAPERS = ("a4", "letter")


def add_calibrate(calibrate: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add the actions of a calibration run to the command."""
    actions = calibrate.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        action: argparse.ArgumentParser = actions.add_parser(
            name, parents=[common], help=text, description=text
        )
        if name != "list":
            action.add_argument("name", metavar="NAME", help="the run's name")
        return action

    _new(add("new", "fix a list of prompts; nothing is sent"))
    run = add("run", "ask both models what has not been asked; Ctrl+C pauses")
    run.add_argument("--limit", default=None, metavar="USD", help="what it may spend from now on")
    add("pause", "pause a run, in whichever window it is answered")
    _vote(add("vote", "vote blind, one after another; or on one prompt with --item"))
    add("next", "give the next prompt to vote on, blind")
    add("end", "end the voting: what has no vote counts against the cheap model")
    report = add("report", "where the cheap model is enough, and what that means")
    report.add_argument("--pdf", type=Path, default=None, metavar="FILE", help="write it as a PDF")
    report.add_argument("--paper", default="a4", choices=PAPERS)
    add("list", "list the runs")
    add("delete", "delete a run and its list; what was asked stays in History")


def _new(new: argparse.ArgumentParser) -> None:
    source = new.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--from",
        dest="source",
        metavar="FILE|FOLDER|-",
        help="a CSV, JSONL, JSON or text file, a folder of text files, or - for standard input",
    )
    source.add_argument(
        "--history", type=int, metavar="N", help="your own newest N prompts, each once"
    )
    new.add_argument("--words", default="", help="with --history: only those with these words")
    new.add_argument("--matter", default="", metavar="NAME", help="for prompts that name none")
    new.add_argument("--tag", action="append", default=[], metavar="TAG", help="may be repeated")
    new.add_argument("--pick", type=int, default=None, metavar="N", help="draw N of them by lot")
    new.add_argument(
        "--limit", default=None, metavar="USD", help="what it may spend; else the estimate's top"
    )


def _vote(vote: argparse.ArgumentParser) -> None:
    vote.add_argument("choice", nargs="?", default=None, metavar="a|equal|b|neither")
    vote.add_argument("--item", type=int, default=None, metavar="N", help="the prompt's number")
    add_reasons(vote)


def add_reasons(vote: argparse.ArgumentParser) -> None:
    """Let a vote say why; a reason may be typed with dashes."""
    vote.add_argument(
        "--reason",
        action="append",
        default=[],
        type=lambda word: word.replace("-", "_"),
        choices=[reason.value for reason in Reason],
        help="why; may be repeated",
    )
