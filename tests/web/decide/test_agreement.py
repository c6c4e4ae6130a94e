"""One agreement at Decide: for its parties alone, in plain words and as the very text."""

import pytest

from tests.cast import A7, somebody
from tests.web.decide.month import COMMAND, HOUR, LONG_AGO, MORNING, days, people, told
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement, SignedFile, proof, prove
from tricorn.parties import verbs as parties

ADDRESSES = [
    "/decide/a/A-7/",
    "/decide/a/A-7/v1/",
    "/decide/a/A-7/v1.json",
    "/decide/a/A-7/v1.toml",
    "/decide/a/A-7/v1.pdf",
]


@pytest.fixture
def lou(mail):
    """Signed another agreement, of the library: no party to A-7."""
    library = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Library")
    person = somebody("Lou", library)
    text = A7.replace("Finance", "Library").replace("clive@", "lou@").replace("A-7", "A-9")
    activate(Agreement.from_toml(text, "A-9.toml"), by=COMMAND, at=LONG_AGO)
    return person


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_is_not_a_party_finds_no_agreement(read, clive, lou, a7, address):
    assert read(lou, "/decide/a/A-9/")[0] == 200
    assert read(lou, address)[0] == 404
    assert read(clive, address)[0] == 200


@pytest.mark.parametrize("address", ["/decide/a/A-99/", "/decide/a/A-7/v2/", "/decide/a/%00/"])
def test_what_does_not_exist_is_not_there(read, clive, a7, address):
    assert read(clive, address)[0] == 404


def test_the_page_says_text_signatures_and_hash(read, clive, a7):
    _, page = read(clive, "/decide/a/A-7/")

    assert "Version 1, in force" in page
    assert "Every matter is first answered within 1 h of service hours" in page
    assert "Signed by Clive, Head of Finance, on 4 May 2026." in page
    assert a7.hash in page


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_a_file_proves_itself_and_names_the_version(client, clive, a7, ending):
    client.force_login(clive)

    answer = client.get(f"/decide/a/A-7/v1.{ending}")

    found = proof.read(answer.content.decode(), "file")
    assert isinstance(found, SignedFile)
    assert (found.hash, found.version) == (a7.hash, 1)
    assert prove(found).holds
    assert answer.headers["Content-Disposition"] == f'attachment; filename="A-7-v1.{ending}"'


def test_the_paper_is_a_pdf(client, clive, a7):
    client.force_login(clive)

    answer = client.get("/decide/a/A-7/v1.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_new_version_stands_beside_the_old_one(read, clive, a7):
    text = A7.replace('target = "8h"', 'target = "4h"').replace(
        "from = 2026-05-04", "from = 2026-11-01"
    )
    activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=LONG_AGO)

    _, newest = read(clive, "/decide/a/A-7/")
    _, first = read(clive, "/decide/a/A-7/v1/")

    assert "Version 2, in force" in newest
    assert "within 4 h" in newest
    assert "Version 1, not in force now" in first
    assert "within 8 h" in first


def test_every_month_stands_in_picture_and_table(read, clive, desi, mail, a7, finance):
    crowd = people(12, finance)
    for n, person in enumerate(crowd):
        told(mail, person, desi, takes=days(3) if n < 5 else HOUR)
        told(mail, person, desi, at=MORNING - days(60))

    _, page = read(clive, "/decide/a/A-7/")

    assert "<title>Resolved, incident: 8 h of service hours</title>" in page
    assert "Oct 58.3 %" in page
    assert "Aug 100 %" in page
    assert '<th scope="row">October 2026</th><td class="num">58.3 %</td>' in page


def test_who_is_covered_is_counted_and_not_named(read, clive, desi, mail, a7, finance):
    crowd = people(12, finance)
    for person in crowd[:6]:
        told(mail, person, desi)

    _, page = read(clive, "/decide/a/A-7/")

    assert "Entitled at the end of last month: 13. Of them, never used it: 7." in page
    assert not any(person.name in page for person in crowd)


def test_a_few_who_used_it_cannot_be_had_from_those_who_never_did(
    read, clive, desi, mail, a7, finance
):
    crowd = people(12, finance)
    told(mail, crowd[0], desi)

    _, page = read(clive, "/decide/a/A-7/")

    assert "Entitled at the end of last month: 13. Of them, never used it: five or more." in page


MORE = """
[[availability]]
id = "V1"
services = ["mail"]
hours = "desk"
share = "99.5 %"

[[credit]]
clause = "V1"
percent = 5

[review]
per = "quarter"

[[entitled]]
everyone = true
"""


def test_the_page_says_what_a_text_says_beyond_its_clauses(read, clive, mail):
    text = A7.replace("from = 2026-05-04", 'from = 2026-05-04\nnotice = "3 months"') + MORE
    activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=LONG_AGO)

    _, page = read(clive, "/decide/a/A-7/")

    assert "For Mail: available 99.5 % of service hours a month." in page
    assert "If available less than 99.5 %: 5 % of the month&#x27;s price back." in page
    assert "Reviewed every quarter, within 14 days." in page
    assert "Either side may end it with notice of 3 months." in page
    assert "everyone, everybody in Finance and its parts; Finance pays" in page
