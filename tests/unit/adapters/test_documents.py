"""Attached documents: read whole, or refused in words."""

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from app.adapters.documents import Documents, refusals, word
from app.domain.conversation import Attachment
from app.domain.errors import DocumentError
from tests.fakes.pdf import ENCRYPTED, PICTURE, line, pdf_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(tmp_path: Path, name: str, data: bytes) -> Attachment:
    path = tmp_path / name
    path.write_bytes(data)
    return Documents().read(path)


def refused(tmp_path: Path, name: str, data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, name, data)
    problem = caught.value.problem
    assert name in problem.message
    assert problem.next_step
    return problem.kind


def test_every_page_of_a_pdf_is_sent(tmp_path: Path) -> None:
    found = read(tmp_path, "lease.PDF", pdf_of(line("The rent is 1,850."), line("Signed in May.")))
    assert found.text == "The rent is 1,850.\n\nSigned in May."
    assert found.media_type == "application/pdf"
    assert found.name == "lease.PDF"
    assert len(found.sha256) == 64
    assert found.size_bytes == (tmp_path / "lease.PDF").stat().st_size


def test_a_scanned_pdf_is_never_sent_as_an_empty_document(tmp_path: Path) -> None:
    assert refused(tmp_path, "scan.pdf", pdf_of(PICTURE, PICTURE)) == "attachment_scanned"


def test_a_page_that_is_only_a_picture_is_not_left_out_in_silence(tmp_path: Path) -> None:
    found = read(tmp_path, "half.pdf", pdf_of(line("One."), PICTURE, b""))
    assert found.text.startswith("One.\n\n[Page 2 is a picture")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("locked.pdf", pdf_of(line("x"), trailer=ENCRYPTED), "attachment_encrypted"),
        ("locked.docx", b"\xd0\xcf\x11\xe0rest", "attachment_encrypted"),
        ("torn.pdf", b"%PDF-1.7 and then nothing", "attachment_broken"),
        ("torn.docx", b"PK\x03\x04 torn", "attachment_broken"),
        ("torn.eml", b"no header at all", "attachment_broken"),
        ("blank.pdf", pdf_of(b""), "attachment_empty"),
        ("blank.txt", b" \n\x00", "attachment_type"),
        ("empty.txt", b"", "attachment_empty"),
        ("photo.txt", b"\x89PNG\x00\x00", "attachment_type"),
        ("photo.png", b"\x89PNG", "attachment_type"),
        ("old.doc", b"\xd0\xcf\x11\xe0", "attachment_type"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    assert refused(tmp_path, name, data) == kind


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is not there"):
        Documents().read(tmp_path / "gone.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(DocumentError, match="is not a file"):
        Documents().read(tmp_path / "folder.pdf")


def test_a_file_beyond_the_limits_is_refused_and_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.adapters.documents import pdf, reader

    monkeypatch.setattr(reader, "MAX_CHARS", 9)
    monkeypatch.setattr(pdf, "MAX_CHARS", 9)
    assert refused(tmp_path, "long.txt", b"0123456789") == "attachment_too_long"
    assert refused(tmp_path, "long.pdf", pdf_of(line("0123456789"))) == "attachment_too_long"
    monkeypatch.setattr(reader, "MAX_BYTES", 8)
    assert refused(tmp_path, "large.txt", b"012345678") == "attachment_too_large"
    assert refusals.MAX_BYTES == 25 * 1024 * 1024


def test_a_docx_that_unpacks_without_end_is_stopped_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "MAX_UNPACKED_BYTES", 1024 * 1024)
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (2 * 1024 * 1024))
    assert path.stat().st_size < 10_000
    assert refused(tmp_path, "bomb.docx", path.read_bytes()) == "attachment_too_large"


def word_file(path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Draft of 3 May"
    paragraph = document.add_paragraph("The notice is ")
    ns = f'xmlns:w="{W}"'
    paragraph._p.append(parse_xml(f"<w:del {ns}><w:r><w:delText>one</w:delText></w:r></w:del>"))
    moved = f"<w:moveFrom {ns}><w:r><w:t>once more</w:t></w:r></w:moveFrom>"
    paragraph._p.append(parse_xml(moved))
    paragraph._p.append(parse_xml(f"<w:ins {ns}><w:r><w:t>three</w:t></w:r></w:ins>"))
    paragraph.add_run(" months.")
    table = document.add_table(2, 2)
    for row, texts in enumerate((("Item", "Amount"), ("Rent", "1,850"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {ns}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    document.save(str(path))


def test_a_word_document_is_read_as_its_final_version_with_nothing_left_out(tmp_path: Path) -> None:
    path = tmp_path / "contract.docx"
    word_file(path)
    text = Documents().read(path).text
    assert text.startswith("Draft of 3 May")
    assert "In a control." in text
    assert "The notice is three months." in text
    assert "one" not in text
    assert "Item | Amount\nRent | 1,850" in text


def test_a_footnote_of_a_word_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    word_file(path)
    note = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>Save in leap years.'
        "</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/footnotes.xml"] = note.encode()
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        b"</Types>",
        f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode(),
    )
    rels = "word/_rels/document.xml.rels"
    members[rels] = members[rels].replace(
        b"</Relationships>",
        (
            f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'
        ).encode(),
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert Documents().read(path).text.endswith("[note 2] Save in leap years.")


@pytest.mark.parametrize(
    "data",
    [
        "Größe: 5 €".encode(),
        "Größe: 5 €".encode("utf-8-sig"),
        "Größe: 5 €".encode("utf-16"),
        "\ufeffGröße: 5 €".encode("utf-16-be"),
        "Größe: 5 €".encode("cp1252"),
    ],
)
def test_umlauts_and_the_euro_sign_survive_every_common_encoding(
    tmp_path: Path, data: bytes
) -> None:
    assert read(tmp_path, "note.txt", data).text == "Größe: 5 €"


def test_what_a_database_refuses_never_leaves_the_reader(tmp_path: Path) -> None:
    late_nul = b"a" * 9000 + b"\x00b\r\nc"
    assert read(tmp_path, "odd.md", late_nul).text == "a" * 9000 + "b\nc"


def test_an_email_is_read_with_its_head_and_its_attachments_named(tmp_path: Path) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Subject"] = "Übergabe"
    message.set_content("The handover is on Friday.")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="map.pdf")
    text = read(tmp_path, "mail.eml", message.as_bytes()).text
    assert "Subject: Übergabe" in text
    assert "The handover is on Friday." in text
    assert "not read: map.pdf" in text


def test_a_web_page_is_read_without_its_scripts(tmp_path: Path) -> None:
    page = "<head><style>p{}</style></head><p>Fee &amp; cost</p><script>x()</script><p>20</p>"
    assert read(tmp_path, "page.html", page.encode()).text == "Fee & cost\n20"
