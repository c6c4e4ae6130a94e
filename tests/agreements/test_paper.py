"""The PDF holds the agreement in plain words, for long keeping, and nothing in a name runs."""

import pytest

from tests.cast import A7
from tests.engine.agreements_given import EVERYTHING
from tricorn.agreements.paper import said, to_pdf
from tricorn.engine.agreement import Agreement, SignedFile

MARKUP = '#panic(1) $x$ ] \\" *b* #read(\\"paper.typ\\") <script>'


def signed(text=A7):
    return SignedFile.of(Agreement.from_toml(text), 2, "ab" * 32, ("Clive",))


def test_it_is_a_pdf_for_archives_and_for_reading_aloud_and_always_the_same():
    pdf = to_pdf(signed())

    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid" in pdf
    assert b"pdfuaid" in pdf
    assert b"A-7-v2.json" in pdf
    assert pdf == to_pdf(signed())


def test_it_says_everything_that_was_signed():
    words = said(signed())

    assert ["Client", "Finance"] in words["facts"]
    assert ["Services", "mail"] in words["facts"]
    assert ["Price", "8,240 EUR a month"] in words["facts"]
    assert words["clauses"][1] == {
        "name": "Clause R2",
        "sentence": "Every incident is resolved within 8 h of service hours, counted from when it "
        "began. That is promised for 95 % of them each month. Time spent waiting for the person "
        "asking or the supplier does not count.",
    }
    assert words["hours"][0]["week"][4:6] == [("Friday", "08:00-20:00"), ("Saturday", "closed")]
    assert words["signatures"] == ["Signed by Clive, Head of Finance, on 4 May 2026."]
    assert words["entitled"] == ["everybody in Finance and what is below it; Finance pays"]
    assert "not a qualified electronic signature" in words["approval"]
    assert signed().hash in words["hash"]
    assert "ab" * 32 in words["head"]


@pytest.mark.parametrize("name", [MARKUP, "财务", "😀", "مالية", "x" * 200])
def test_no_name_makes_it_fail_or_is_carried_out(name):
    text = A7.replace("Mail for Finance", name).replace("Head of Finance", name[:100])
    text = text.replace('"R1"', '"#R1*"')

    assert to_pdf(signed(text)).startswith(b"%PDF")


def test_figures_are_exact():
    text = A7.replace("8240", "0.0125").replace("0.95\n", "0.9995\n", 1).replace('"8h"', '"80h30m"')

    words = said(signed(text))

    assert ["Price", "0.0125 EUR a month"] in words["facts"]
    assert "99.95 %" in words["clauses"][0]["sentence"]
    assert "80 h 30 min" in words["clauses"][1]["sentence"]


def test_everything_that_a_text_may_say_stands_on_it():
    words = said(SignedFile.of(Agreement.from_toml(EVERYTHING), 1, "", ()))

    assert [each["title"] for each in words["sections"]] == [
        "How available",
        "Up to how much",
        "Not promised",
        "Who hears when time runs out",
        "Money back",
        "Review",
        "How it ends or goes on",
    ]
    assert "X1: What the power company does." in words["sections"][2]["terms"]
    assert to_pdf(SignedFile.of(Agreement.from_toml(EVERYTHING), 1, "", ())).startswith(b"%PDF")


def test_an_agreement_of_1901_with_every_exception_is_written():
    extra = '[[hours.desk.open]]\non = 2026-12-31\nwindows = ["08:00-12:00"]\nname = "Eve"\n\n'
    text = A7.replace("2026-05-04", "1901-05-04").replace("[[clause]]", extra + "[[clause]]", 1)

    assert said(signed(text))["hours"][0]["other"] == [("31 December 2026", "08:00-12:00 (Eve)")]
    assert to_pdf(signed(text)).startswith(b"%PDF")
