"""A citation or a party misread sends a reader to the wrong page, or to the wrong person."""

from __future__ import annotations

import pytest

from app.domain.substance import read


@pytest.mark.parametrize(
    ("text", "sort", "key", "act"),
    [
        ("Clause 14.2", "section", "14.2", ""),
        ("cl. 4.6", "section", "4.6", ""),
        ("Section 14.2(a)(iii)", "section", "14.2(a)(iii)", ""),
        ("§\u00a02-207", "section", "2-207", ""),
        ("UCC § 2-207", "section", "2-207", "ucc"),
        ("§ 433 BGB", "section", "433", "bgb"),
        ("section 12 of the Companies Act 2006", "section", "12", "companiesact2006"),
        ("Art. 6(1) GDPR", "article", "6(1)", "gdpr"),
        ("Rule 10b-5", "rule", "10b-5", ""),
        ("Exhibit A", "schedule", "a", ""),
        ("18 U.S.C. § 1201(a)", "statute", "18 usc 1201(a)", ""),
        ("26 USC 501(c)(3)", "statute", "26 usc 501(c)(3)", ""),
        ("16 C.F.R. § 310.3(a)(1)", "statute", "16 cfr 310.3(a)(1)", ""),
        ("Rowan v. Hart", "case", "rowan v hart", ""),
        ("Rowan vs Hart", "case", "rowan v hart", ""),
        ("[2020] UKSC 12", "case", "2020 uksc 12", ""),
        ("[2019] EWCA Civ 1234", "case", "2019 ewca civ 1234", ""),
        ("Case C-311/18", "case", "c-311/18", ""),
        ("477 F. App'x 349", "report", "477 fappx 349", ""),
        ("410 U.S. 113", "report", "410 us 113", ""),
        ("No. 21-cv-01234", "docket", "21-cv-01234", ""),
        ("1:21-cv-01234-ABC", "docket", "1:21-cv-01234-abc", ""),
    ],
)
def test_a_citation_is_read_in_its_normal_form(text: str, sort: str, key: str, act: str) -> None:
    (found,) = read(text).citations
    assert (found.sort, found.key, found.act) == (sort, key, act)


def test_a_list_of_clauses_names_each() -> None:
    assert [c.key for c in read("Clauses 4.6, 11.2 and 14.4 apply.").citations] == [
        "4.6",
        "11.2",
        "14.4",
    ]


def test_a_denied_clause_is_marked_so() -> None:
    found = read("not clause 14.2 but clause 22").citations
    assert [(c.key, c.negated) for c in found] == [("14.2", True), ("22", False)]


@pytest.mark.parametrize("text", ["in article form", "sections of it", "the clauses", "a rule"])
def test_a_word_without_a_number_is_no_citation(text: str) -> None:
    assert read(text).citations == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Larch Networks, Inc.", [("larch networks", "inc")]),
        ("Larch Networks Inc", [("larch networks", "inc")]),
        ("LARCH Networks, Incorporated", [("larch networks", "inc")]),
        ("The plaintiff is Ryan Pell.", [("ryan pell", "")]),
        ("Mr. Patrick J. Oslo", [("patrick j oslo", "")]),
        ("Bramble & Sons Ltd.", [("bramble and sons", "ltd")]),
        ("Banque Élan S.A.", [("banque élan", "sa")]),
        ("Vale AG's claim", [("vale", "ag")]),
        (
            "Kevin R. Holm,Pradeep Sund,Robyn M. Dale",
            [("kevin r holm", ""), ("pradeep sund", ""), ("robyn m dale", "")],
        ),
        (
            "The defendants are Acorn Corp. and Beech GmbH.",
            [("acorn", "corp"), ("beech", "gmbh")],
        ),
    ],
)
def test_a_party_has_one_name_however_it_is_written(
    text: str, names: list[tuple[str, str]]
) -> None:
    assert [(name.key, name.form) for name in read(text).names] == names
