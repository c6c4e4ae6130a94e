"""Agreements: looked at first, put into force once, read afterwards."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import A7
from tricorn.agreements.models import Agreement, Version
from tricorn.journal.models import Line
from tricorn.standing.models import Fact

ADD, ACTIVATE = "/manage/agreements/add/", "/manage/agreements/activate/"
SCRIPT = "<script>alert(1)</script>"


def test_a_look_says_in_words_what_would_come_and_keeps_nothing(manage, mail, clive):
    lines = Line.objects.count()

    response = manage.post(ADD, {"text": A7})

    page = response.content.decode()
    assert response.status_code == 200
    assert "A-7 v1" in page
    assert "Nothing is kept yet" in page
    assert "On record here as signing: Clive." in page
    assert "is resolved within 8 h of service hours, counted from when it began" in page
    assert "That is promised for 95 % of them each month" in page
    assert "everybody in Finance and what is below it; Finance pays" in page
    assert "8,240 EUR a month" in page
    assert not Agreement.objects.exists()
    assert not Fact.objects.exists()
    assert Line.objects.count() == lines


def test_what_was_looked_at_is_put_into_force_once(manage, mail, clive, mo):
    look = manage.post(ADD, {"text": A7})
    text = look.context["form"]["text"].value()

    first = manage.post(ACTIVATE, {"text": text})
    second = manage.post(ACTIVATE, {"text": text}, follow=True)

    version = Version.objects.get()
    assert first["Location"] == reverse("manage:agreement", args=[version.pk])
    assert "on record already, word for word" in second.content.decode()
    assert Line.objects.get(kind="agreement.activated").actor == mo.actor


def test_a_file_is_looked_at_like_a_pasted_text(manage, mail, clive):
    response = manage.post(ADD, {"file": SimpleUploadedFile("a7.toml", A7.encode())})

    assert "A-7 v1" in response.content.decode()


def test_a_newer_version_says_which_one_it_follows(manage, mail, a7):
    newer = A7.replace("8240", "9000").replace("from = 2026-05-04", "from = 2026-11-01")

    page = manage.post(ADD, {"text": newer}).content.decode()
    assert "It would follow A-7 v1" in page

    same = manage.post(ADD, {"text": A7}).content.decode()
    assert "word for word" in same
    assert "Put into force" not in same


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste the signed text"),
        ("[agreement", "is not TOML"),
        (A7.replace('"Finance"', '"Nowhere"'), "is not known here"),
        (A7.replace('target = "8h"', 'target = "soon"'), "clause R2, target"),
        (A7.replace('mon = ["08:00-20:00"]', 'mon = ["08:00-20:00", "19:00-21:00"]'), "overlaps"),
        (A7.replace('zone = "Europe/Berlin"', 'zone = "Europe/Berln"'), "is not a known time zone"),
        (A7.partition("[[signed]]")[0], "is not signed"),
        (A7.replace("clive@", "nobody@"), "the person &#x27;nobody@example.org&#x27;"),
        (A7.replace("2026-05-04", '"2026-02-29"'), "2026-02-29"),
        (A7.replace("Mail for Finance", SCRIPT).replace("R1", SCRIPT) + "x", "is not TOML"),
    ],
)
def test_a_text_that_cannot_be_is_refused_with_its_place_and_stays(manage, mail, clive, text, said):
    for url in (ADD, ACTIVATE):
        response = manage.post(url, {"text": text})
        page = response.content.decode()
        assert response.status_code == 422
        assert said in page
        assert response.context["form"]["text"].value() == text
        assert SCRIPT not in page
    assert not Agreement.objects.exists()


def test_a_wrong_file_is_shown_in_the_box_to_be_corrected(manage, mail, clive):
    text = A7.replace('target = "8h"', 'target = "soon"')

    response = manage.post(ADD, {"file": SimpleUploadedFile("a7.toml", text.encode())})

    assert response.status_code == 422
    assert response.context["form"]["text"].value() == text


def test_a_file_in_another_encoding_is_refused(manage, mail):
    response = manage.post(ADD, {"file": SimpleUploadedFile("a7.toml", b"\xff\xfe\x00")})

    assert response.status_code == 422
    assert "UTF-8" in response.content.decode()


def test_a_version_is_read_and_its_text_taken_away(manage, a7):
    page = manage.get(reverse("manage:agreement", args=[a7.pk])).content.decode()

    assert "in force" in page
    assert "Head of Finance" in page
    for ending in ("json", "toml", "pdf"):
        file = manage.get(reverse(f"manage:agreement-{ending}", args=[a7.pk]))
        assert file["Content-Disposition"] == f'attachment; filename="A-7-v1.{ending}"'
        assert a7.hash.encode() in file.content or ending == "pdf"


def test_the_list_says_who_signed_and_begins_empty(manage, mail):
    assert "No agreement yet" in manage.get("/manage/agreements/").content.decode()


def test_the_list_shows_what_is_in_force(manage, a7):
    page = manage.get("/manage/agreements/").content.decode()

    assert "Mail for Finance" in page
    assert "Clive" in page


def test_script_in_a_text_is_shown_as_text(manage, mail, clive):
    text = A7.replace("Mail for Finance", SCRIPT).replace("Head of Finance", SCRIPT)
    pages = [manage.post(ADD, {"text": text}), manage.post(ACTIVATE, {"text": text}, follow=True)]
    pages.append(manage.get("/manage/agreements/"))

    for page in pages:
        assert SCRIPT not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_services_and_places_are_said_by_their_names(manage, mail, clive, reception):
    text = A7.replace('organisation = "Finance"', 'place = "reception"')
    assert text != A7

    page = manage.post(ADD, {"text": text}).content.decode()

    assert "everybody at Reception, Building B; Finance pays" in page
    assert "<dd>Mail</dd>" in page


def test_a_look_says_what_a_text_says_beyond_its_clauses(manage, mail, clive):
    more = """
[[workload]]
id = "W1"
services = ["mail"]
at_most = 200

[[exception]]
id = "X1"
words = "Planned <work>"

[[entitled]]
everyone = true
"""
    page = manage.post(ADD, {"text": A7 + more}).content.decode()

    assert "The promises hold for up to 200 tickets a month (for Mail)." in page
    assert "Planned &lt;work&gt;" in page
    assert "everyone; Finance pays" in page
    assert "Signed by clive@example.org, Head of Finance, on 4 May 2026." in page
