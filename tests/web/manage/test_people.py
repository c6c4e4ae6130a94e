"""People: found, added, changed; and everything on record about one of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.parties.verbs import add_person, leave, set_password
from tricorn.standing.models import Authority, Duty, Fact
from tricorn.standing.verbs import give_duty, record_fact

SCRIPT = "<script>alert(1)</script>"


def press(client, person, deed, **data):
    return client.post(reverse(f"manage:person-{deed}", args=[person.pk]), data, follow=True)


def page_of(client, person):
    return client.get(reverse("manage:person", args=[person.pk])).content.decode()


def found(client, words):
    return [row.person.name for row in client.get("/manage/people/", {"q": words}).context["rows"]]


@pytest.fixture
def crowd(house):
    for name, email in (
        ("Anna Berg", "anna@example.org"),
        ("Émile Zola", "zola@example.org"),
        ("annette Kolb", None),
        ("Bert", "100%@example.org"),
    ):
        add_person(by=COMMAND, at=LONG_AGO, name=name, email=email)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ann", ["Anna Berg", "annette Kolb"]),
        ("ANNA", ["Anna Berg"]),
        ("berg", ["Anna Berg"]),
        ("ém", ["Émile Zola"]),
        ("Ém", ["Émile Zola"]),
        ("zola@", ["Émile Zola"]),
        ("ZOLA@EXAMPLE.ORG", ["Émile Zola"]),
        ("100%", ["Bert"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("  anna   berg ", ["Anna Berg"]),
    ],
)
def test_people_are_found_by_the_beginning_of_name_or_address(manage, crowd, words, expected):
    assert found(manage, words) == expected


def test_the_answer_while_one_types_is_the_list_alone(manage, crowd):
    response = manage.get("/manage/people/", {"q": "ann"}, headers={"HX-Request": "true"})

    assert response.content.decode().lstrip().startswith('<div id="_people"')


def test_nobody_found_says_what_to_try(manage):
    page = manage.get("/manage/people/", {"q": SCRIPT}).content.decode()

    assert "Try the beginning of the name" in page
    assert SCRIPT not in page


def test_a_page_of_people_costs_the_same_for_one_and_for_fifty(
    manage, house, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(25) as first:
        manage.get("/manage/people/")
    for n in range(60):
        somebody(f"Person{n} Number", house.provider)

    with django_assert_num_queries(len(first)):
        assert len(manage.get("/manage/people/").context["rows"]) == 50
    assert len(manage.get("/manage/people/?page=2").context["rows"]) == 11
    assert manage.get("/manage/people/?page=rubbish").status_code == 200


def test_somebody_is_added_and_belongs_somewhere(manage, finance):
    response = manage.post(
        "/manage/people/add/",
        {"name": "Nora", "email": "nora@example.org", "organisation": finance.pk},
        follow=True,
    )

    nora = Person.objects.get(name="Nora")
    assert "Nora is on record." in response.content.decode()
    assert nora.memberships.get().organisation == finance
    assert not nora.has_usable_password()


def test_an_address_that_somebody_has_is_refused_and_nothing_is_written(manage, una, finance):
    lines = Line.objects.count()
    response = manage.post(
        "/manage/people/add/",
        {"name": "Una", "email": "UNA@example.org", "organisation": finance.pk},
    )

    assert response.status_code == 422
    assert "is known already" in response.context["form"].errors["email"][0]
    assert Line.objects.count() == lines


def test_two_people_of_one_name_are_two_people(manage, una):
    assert manage.post("/manage/people/add/", {"name": "Una"}).status_code == 302
    assert Person.objects.filter(name="Una").count() == 2


def test_a_wrong_address_is_said_beside_the_address(manage, una):
    response = press(manage, una, "change", name="Una", email="una at home")

    assert response.status_code == 422
    assert "is not a mail address" in response.context["forms"]["change"].errors["email"][0]
    assert "una at home" in response.content.decode()


def test_the_page_of_somebody_says_what_they_are_and_why(manage, clive, mail, a7):
    page = page_of(manage, clive)

    assert "Decide" in page
    assert "signed an agreement that is in force (A-7, signed 4 May 2026)" in page
    assert "customer" in page
    assert "Finance pays (A-7)" in page


def test_a_rename_of_a_role_changes_the_word_on_the_page_alone(manage, house, clive, mail, a7):
    house.labels = {"itil-customer-user": {"customer": "Auftraggeberin"}}
    house.save()

    page = page_of(manage, clive)

    assert "Auftraggeberin" in page
    assert "Decide" in page


def test_somebody_joins_and_leaves_and_both_stay_on_record(manage, una, finance):
    press(manage, una, "join", **{"join-organisation": finance.pk, "join-since": "2026-02-01"})
    membership = una.memberships.get()
    assert membership.since.date().isoformat() == "2026-01-31"  # midnight in Berlin

    page = press(manage, una, "leave", row=membership.pk).content.decode()

    membership.refresh_from_db()
    assert membership.until == NOON
    assert "Finance" in page
    assert press(manage, una, "leave", row=membership.pk).status_code == 422


def test_a_row_of_somebody_else_does_not_exist(manage, cleo, una):
    for row in (cleo.memberships.get().pk, "x", "", "9" * 40):
        assert press(manage, una, "leave", row=row).status_code == 404


def test_a_duty_opens_a_door_and_ends(manage, una, mail):
    page = press(manage, una, "give-duty", **{"duty-duty": "desk", "duty-service": mail.pk})
    assert "works at the desk" in page.content.decode()

    duty = Duty.objects.get(person=una)
    press(manage, una, "end-duty", row=duty.pk)

    assert not Duty.objects.at(NOON).filter(person=una).exists()


def test_the_last_manager_can_neither_end_nor_be_shut_out(manage, mo, desi, house):
    duty = mo.duties.get()

    assert "This is the last manager" in press(manage, mo, "end-duty", row=duty.pk).content.decode()
    response = press(manage, mo, "shut-out")
    assert response.status_code == 422
    assert "is the last manager" in response.content.decode()
    mo.refresh_from_db()
    assert mo.is_active

    give_duty(desi, "manage", by=COMMAND, at=LONG_AGO)
    assert "can no longer sign in" in press(manage, desi, "shut-out").content.decode()
    assert press(manage, mo, "shut-out").status_code == 422


def test_a_manager_of_one_service_does_not_count_as_the_last(manage, mo, mia):
    assert press(manage, mo, "shut-out").status_code == 422
    assert press(manage, mia, "shut-out").status_code == 200


def test_who_is_shut_out_is_out_and_can_be_let_in(manage, enter, desi):
    client = enter(desi)
    assert client.get("/desk/").status_code == 200

    press(manage, desi, "shut-out")
    assert client.get("/desk/").status_code == 302
    assert "cannot sign in" in page_of(manage, desi)

    press(manage, desi, "let-in")
    desi.refresh_from_db()
    assert desi.is_active


def test_a_fact_is_recorded_with_how_one_knows_and_ends(manage, una, mail):
    press(
        manage,
        una,
        "record-fact",
        **{"fact-kind": "oversees", "fact-words": f"Minutes {SCRIPT}", "fact-since": "2026-05-04"},
    )

    fact = Fact.objects.get(person=una)
    page = page_of(manage, una)
    assert "oversees the provider" in page
    assert "Decide" in page
    assert SCRIPT not in page

    press(manage, una, "end-fact", row=fact.pk)
    fact.refresh_from_db()
    assert fact.until == NOON


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"fact-kind": "oversees", "fact-words": ""}, "words"),
        ({"fact-kind": "signed", "fact-words": "seen"}, "kind"),
        ({"fact-kind": "oversees", "fact-words": "w", "fact-since": "2027-02-29"}, "since"),
        ({"fact-kind": "oversees", "fact-words": "w", "fact-since": "0001-01-01"}, "since"),
        (
            {
                "fact-kind": "oversees",
                "fact-words": "w",
                "fact-since": "2026-05-04",
                "fact-until": "2026-05-03",
            },
            "until",
        ),
    ],
)
def test_a_fact_that_cannot_be_is_refused_where_it_is_wrong(manage, una, data, field):
    response = press(manage, una, "record-fact", **data)

    assert response.status_code == 422
    assert field in response.context["forms"]["record_fact"].errors
    assert not Fact.objects.exists()


def test_a_fact_from_a_record_has_no_button_and_cannot_be_ended(manage, una, mail):
    make_ticket(una, mail, at=MONDAY)
    fact = Fact.objects.get(person=una, kind="aware")

    assert "Holds no longer" not in page_of(manage, una)
    assert press(manage, una, "end-fact", row=fact.pk).status_code == 422


def test_authority_is_granted_within_limits_with_a_deputy_and_withdrawn(
    manage, clive, cleo, finance
):
    press(
        manage,
        clive,
        "grant",
        **{
            "authority-may": ["sign", "approve"],
            "authority-organisation": finance.pk,
            "authority-up_to": "5000",
            "authority-currency": "eur",
            "authority-deputy": "cleo@example.org",
            "authority-until": "2026-12-31",
        },
    )

    rows = Authority.objects.filter(person=clive)
    assert {row.may for row in rows} == {"sign", "approve"}
    assert {(str(row.up_to), row.currency, row.deputy) for row in rows} == {
        ("5000.00", "EUR", cleo)
    }
    assert rows[0].until.isoformat() == "2026-12-31T23:00:00+00:00"
    page = page_of(manage, clive)
    assert "signs agreements" in page
    assert "up to 5000.00 EUR" in page

    press(manage, clive, "withdraw", row=rows[0].pk)
    assert Authority.objects.at(NOON).filter(person=clive).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"authority-may": []}, "may"),
        ({"authority-deputy": "clive@example.org"}, None),
        ({"authority-deputy": "nobody@example.org"}, "deputy"),
        ({"authority-up_to": "-1"}, "up_to"),
        ({"authority-up_to": "5", "authority-currency": ""}, "currency"),
        ({"authority-up_to": "5", "authority-currency": "EURO"}, "currency"),
    ],
)
def test_an_authority_that_cannot_be_is_refused(manage, clive, finance, change, field):
    data = {"authority-may": ["sign"], "authority-organisation": finance.pk, **change}
    response = press(manage, clive, "grant", **data)

    assert response.status_code == 422
    errors = response.context["forms"]["grant"].errors
    assert field in errors if field else "__all__" in errors
    assert not Authority.objects.exists()


def test_a_deputy_whose_name_several_have_needs_an_address(manage, clive, cleo, una, finance):
    add_person(by=COMMAND, at=LONG_AGO, name="Cleo")
    data = {"authority-may": ["sign"], "authority-organisation": finance.pk}

    response = press(manage, clive, "grant", **data, **{"authority-deputy": "Cleo"})

    assert "Several people are called" in response.content.decode()


def test_a_first_password_is_set_and_taken_away(manage, una):
    response = press(manage, una, "set-password", **{"password-password": "correct horse battery"})
    una.refresh_from_db()
    assert "can sign in with this password" in response.content.decode()
    assert una.check_password("correct horse battery")
    again = press(manage, una, "set-password", **{"password-password": "another horse battery"})
    assert again.status_code == 422

    press(manage, una, "remove-password")
    una.refresh_from_db()
    assert not una.has_usable_password()
    kinds = Line.objects.about("person", una.pk).values_list("kind", flat=True)
    assert {"person.password_set", "person.password_removed"} <= set(kinds)


@pytest.mark.parametrize("password", ["", "short", "una@example.org", "1234567890"])
def test_a_weak_password_is_refused_and_never_shown_again(manage, una, password):
    response = press(manage, una, "set-password", **{"password-password": password})

    assert response.status_code == 422
    box = str(response.context["forms"]["set_password"]["password"])
    assert 'type="password"' in box
    assert "value=" not in box
    una.refresh_from_db()
    assert not una.has_usable_password()


def test_the_journal_says_that_a_password_was_set_and_not_which(una):
    set_password(una, "correct horse battery", by=COMMAND, at=MONDAY)
    line = Line.objects.about("person", una.pk).last()

    assert "horse" not in str(line.data)


def test_script_in_a_name_is_shown_as_text(manage, house, una, finance):
    press(manage, una, "change", name=SCRIPT, email="una@example.org")
    press(manage, una, "join", **{"join-organisation": finance.pk, "join-title": SCRIPT})
    record_fact(una, "recognised", by=COMMAND, at=MONDAY, words=SCRIPT)

    for page in (page_of(manage, una), manage.get("/manage/people/").content.decode()):
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


def test_a_person_costs_a_fixed_number_of_queries(
    manage, una, finance, mail, house, django_assert_max_num_queries, django_assert_num_queries
):
    record_fact(una, "recognised", by=COMMAND, at=LONG_AGO, words="met", service=mail)
    with django_assert_max_num_queries(35) as first:
        page_of(manage, una)
    for n in range(20):
        record_fact(una, "mutual", by=COMMAND, at=LONG_AGO + timedelta(days=n), words=f"told {n}")
    membership = somebody("X", finance).memberships.get()
    leave(membership, by=COMMAND, at=MONDAY)

    with django_assert_num_queries(len(first)):
        page_of(manage, una)


def test_who_can_sign_in_stands_before_names_from_an_import(manage, una, house):
    add_person(by=COMMAND, at=MONDAY, name="Aaron 17")

    names = [row.person.name for row in manage.get("/manage/people/").context["rows"]]

    assert names[-1] == "Aaron 17"
    assert names[:-1] == sorted(names[:-1])
