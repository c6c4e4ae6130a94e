"""Settings of the house, and its words: they change words, no permission and no number."""

import pytest

from tests.cast import NOON, somebody
from tricorn.journal.models import Line
from tricorn.parties.models import House
from tricorn.standing.portrait import portrait

URL, WORDS = "/manage/settings/", "/manage/settings/words/"
TYPED = {
    "provider": "House Services",
    "zone": "Europe/Lisbon",
    "danger_number": "+49 112",
    "public_url": "https://help.example.org/",
    "fewest": "7",
}
SCRIPT = "<script>alert(1)</script>"


def test_settings_are_changed_at_once(manage, house):
    assert manage.post(URL, TYPED).status_code == 302

    found = House.objects.select_related("provider").get()
    assert found.provider.name == "House Services"
    assert (found.zone, found.danger_number, found.fewest) == ("Europe/Lisbon", "+49 112", 7)
    assert found.public_url == "https://help.example.org"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("provider", "", "fill this in"),
        ("provider", "Finance", "already"),
        ("zone", "Mars/Base", "There is no time zone"),
        ("fewest", "2", "greater than or equal to 3"),
        ("fewest", "many", "whole number"),
        ("public_url", "help.example.org", "is not a public address"),
        ("public_url", "javascript:alert(1)", "is not a public address"),
        ("public_url", "https://help.example.org/path", "is not a public address"),
        ("public_url", "https://me@help.example.org", "is not a public address"),
        ("public_url", "https://[", "is not a public address"),
        ("public_url", "https://help.example.org:99999", "is not a public address"),
        ("danger_number", "5" * 41, "40"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_beside_it_and_nothing_changes(
    manage, house, finance, field, value, said
):
    lines = Line.objects.count()
    response = manage.post(URL, {**TYPED, field: value})

    assert response.status_code == 422
    assert said in response.context["form"].errors[field][0]
    assert Line.objects.count() == lines
    assert House.objects.get().zone == "Europe/Berlin"


def test_an_address_that_the_server_does_not_answer_to_is_said(manage, house):
    manage.post(URL, TYPED)

    page = manage.get(URL).content.decode()
    assert "This server does not answer to help.example.org yet." in page
    assert "TRICORN_HOSTS=help.example.org" in page


def test_words_change_what_people_read_and_no_permission(manage, enter, clive, desi, mail, a7):
    before = {person: portrait(person.pk, NOON).doors() for person in (clive, desi)}

    manage.post(WORDS, {"scheme": "fm", "word-fm-client": "Auftraggeberin"})

    house = House.objects.get()
    assert (house.scheme, house.labels) == ("fm", {"fm": {"client": "Auftraggeberin"}})
    assert {person: portrait(person.pk, NOON).doors() for person in (clive, desi)} == before
    assert "Auftraggeberin" in manage.get(f"/manage/people/{clive.pk}/").content.decode()
    assert Line.objects.get(kind="house.changed").data == {"what": ["labels", "scheme"]}


def test_the_preview_says_who_would_be_called_what_and_keeps_nothing(manage, house):
    typed = {"scheme": "fm", "word-fm-user": "guest"}
    response = manage.post("/manage/settings/words/preview/", typed)

    page = response.content.decode()
    assert 'id="_words_preview"' in page
    assert "<strong>guest</strong>" in page
    assert "Words only" in page or "words only" in page
    assert House.objects.get().scheme == "itil-customer-user"
    shown = manage.post(WORDS, {**typed, "show": "yes"})
    assert "<strong>guest</strong>" in shown.content.decode()
    assert House.objects.get().labels == {}


def test_every_scheme_can_be_chosen(manage, house):
    for scheme in ("everyone-a-customer", "overseers", "knowledge", "itil4", "fitsm", "en15221"):
        assert manage.post(WORDS, {"scheme": scheme}).status_code == 302
        assert House.objects.get().scheme == scheme


def test_an_unknown_scheme_or_a_long_word_is_refused(manage, house):
    for typed in ({"scheme": "mine"}, {}, {"scheme": "fm", "word-fm-client": "x" * 61}):
        assert manage.post(WORDS, typed).status_code == 422
    assert House.objects.get().scheme == "itil-customer-user"


def test_an_own_word_left_empty_is_the_schemes_word_again(manage, house):
    manage.post(WORDS, {"scheme": "fm", "word-fm-client": "Boss"})
    manage.post(WORDS, {"scheme": "fm", "word-fm-client": " "})

    assert House.objects.get().labels == {}


def test_the_same_word_for_several_people_is_explained(manage, house):
    page = manage.get(WORDS).content.decode()

    assert "One word, several people" in page
    assert "who may use a service that somebody else pays for" in page


def test_script_in_every_setting_is_shown_as_text(manage, house, mail):
    manage.post(URL, {**TYPED, "provider": SCRIPT, "danger_number": SCRIPT})
    manage.post(WORDS, {"scheme": "fm", "word-fm-user": SCRIPT})
    una = somebody("Nora")

    for url in (URL, WORDS, "/manage/", f"/manage/people/{una.pk}/"):
        page = manage.get(url).content.decode()
        assert SCRIPT not in page
    wrong = manage.post(URL, dict.fromkeys(TYPED, SCRIPT)).content.decode()
    assert SCRIPT not in wrong
    assert "&lt;script&gt;" in wrong
