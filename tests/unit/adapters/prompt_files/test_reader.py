"""Importing: whatever a spreadsheet, a script or another program wrote, without losing a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.adapters.prompt_files.reader import PromptReader
from app.domain.calibration.prompts import Found, Import
from app.domain.errors import InputError


def read(path: Path, content: str | bytes) -> Import:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return PromptReader().read(path)


def texts(found: Import) -> list[str]:
    return [item.text for item in found.found]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_brings_prompt_matter_and_tags_whatever_its_delimiter(
    tmp_path: Path, delimiter: str
) -> None:
    rows = [["Prompt", "Matter", "Tags"], ["Extract the dates.", "Larch", '"a, b"']]
    text = "\n".join(delimiter.join(row) for row in rows)
    (item,) = read(tmp_path / "p.csv", text).found
    assert item == Found("Extract the dates.", "Larch", ("a", "b"), "p.csv, row 2")


def test_quotes_line_breaks_and_a_byte_order_mark_survive(tmp_path: Path) -> None:
    text = '\ufeffprompt,client\r\n"He said ""no"",\r\nand left.",Oak\r\n\r\nPlain,\r\n'
    found = read(tmp_path / "p.csv", text)
    assert texts(found) == ['He said "no",\nand left.', "Plain"]
    assert found.found[0].matter == "Oak"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16"])
def test_what_a_spreadsheet_saved_keeps_its_letters(tmp_path: Path, encoding: str) -> None:
    text = "prompt;tag\nPrüfe § 5 – „Kündigung“;Verträge\n"
    found = read(tmp_path / "p.csv", text.encode(encoding))
    assert found.found[0].text == "Prüfe § 5 – „Kündigung“"
    assert found.found[0].tags == ("Verträge",)


def test_one_column_needs_neither_header_nor_quotes(tmp_path: Path) -> None:
    assert texts(read(tmp_path / "a.csv", "prompt\nYes, please, summarise.\n")) == [
        "Yes, please, summarise."
    ]
    assert texts(read(tmp_path / "b.csv", "Summarise\nExtract\n")) == ["Summarise", "Extract"]


def test_a_row_that_a_comma_parted_is_left_out_and_said(tmp_path: Path) -> None:
    found = read(tmp_path / "p.csv", "prompt,matter\nOne, two, three,Larch\nFour,Oak\n,Oak\n")
    assert texts(found) == ["Four"]
    assert any("1 row with more cells" in note for note in found.notes)
    assert any("1 row without a prompt" in note for note in found.notes)


def test_a_table_without_a_prompt_column_names_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its columns are Name, Age") as problem:
        read(tmp_path / "p.csv", "Name,Age\nA,1\n")
    assert problem.value.problem.next_step


def test_json_lines_in_each_of_their_shapes(tmp_path: Path) -> None:
    lines = [
        {"prompt": "One", "matter": "Larch", "tags": ["x", "y"]},
        {"text": "Two", "tag": "z"},
        {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "Three"},
                      {"role": "assistant", "content": "a"}, {"role": "user", "content": "more"}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Four"}]}]},
        {"note": "nothing to ask"},
    ]  # fmt: skip
    text = "\n".join([*map(json.dumps, lines), "{broken"])
    found = read(tmp_path / "p.jsonl", text)
    assert texts(found) == ["One", "Two", "Three", "Four"]
    assert found.found[0] == Found("One", "Larch", ("x", "y"), "p.jsonl, line 1")
    assert found.found[1].tags == ("z",)
    assert len(found.notes) == 3
    assert texts(read(tmp_path / "q.json", text)) == ["One", "Two", "Three", "Four"]
    assert texts(read(tmp_path / "r.json", json.dumps(["A", {"prompt": "B"}]))) == ["A", "B"]
    assert texts(read(tmp_path / "s.json", json.dumps({"prompts": ["A"]}))) == ["A"]


def conversation(*said: tuple[str, str]) -> dict[str, object]:
    nodes: dict[str, object] = {
        "root": {"id": "root", "message": None, "parent": None, "children": ["0"]}
    }
    for number, (role, text) in enumerate(said):
        message = {
            "author": {"role": role},
            "content": {"content_type": "text", "parts": [text]},
        }
        nodes[str(number)] = {
            "message": message,
            "parent": "root" if not number else str(number - 1),
            "children": [str(number + 1)] if number + 1 < len(said) else [],
        }
    return {"title": "A lease", "mapping": nodes}


def test_an_export_brings_what_opened_each_conversation(tmp_path: Path) -> None:
    conversations = [
        conversation(("system", ""), ("user", "Summarise the lease."), ("assistant", "Done."),
                     ("user", "Shorter.")),
        conversation(("user", "Which law applies?")),
        {"title": "empty", "mapping": {}},
    ]  # fmt: skip
    found = read(tmp_path / "conversations.json", json.dumps(conversations))
    assert texts(found) == ["Summarise the lease.", "Which law applies?"]
    assert "A lease" in found.found[0].source
    assert found.notes[0].startswith("1 follow-up left out")


def test_an_export_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    looped = conversation(("user", "One"), ("user", "Two"))
    nodes = looped["mapping"]
    assert isinstance(nodes, dict)
    nodes["1"]["children"] = ["0"]
    found = read(tmp_path / "c.json", json.dumps([looped]))
    assert texts(found) == ["One"]


def test_a_folder_brings_one_prompt_a_file_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Second.\n\nStill second.")
    (tmp_path / "a.md").write_text("First.")
    (tmp_path / "empty.txt").write_text(" ")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    (tmp_path / ".hidden.txt").write_text("no")
    (tmp_path / "sub").mkdir()
    found = PromptReader().read(tmp_path)
    assert texts(found) == ["First.", "Second.\n\nStill second."]
    assert found.found[0].source == "a.md"
    assert any(note.startswith("2 other files and folders") for note in found.notes)
    assert any(note.startswith("1 empty file") for note in found.notes)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("p.csv", b"", "import_empty"),
        ("p.csv", b'prompt\n"open', "import_bad_csv"),
        ("p.json", b"{}", "import_bad_json"),
        ("p.json", b"[" * 100_000, "import_bad_json"),
        ("p.xlsx", b"PK\x03\x04\x00\x00", "import_not_text"),
        ("p.docx", b"text", "import_type"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    with pytest.raises(InputError) as problem:
        read(tmp_path / name, content)
    assert problem.value.problem.kind == kind
    assert problem.value.problem.next_step.endswith(".")


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        PromptReader().read(tmp_path / "nowhere.csv")


def test_piped_text_is_json_lines_or_pasted_prompts() -> None:
    reader = PromptReader()
    assert texts(reader.parse('{"prompt": "A"}\n{"prompt": "B"}')) == ["A", "B"]
    assert texts(reader.parse("A\n\nB")) == ["A", "B"]
