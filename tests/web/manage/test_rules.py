"""Rules, escalation and what comes again, behind Manage."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.automation.making import NOTE, rule, turn
from tests.cast import A7, HOUR, LONG_AGO, NOON, make_ticket, somebody
from tricorn.agreements.verbs import activate
from tricorn.automation import verbs
from tricorn.automation.models import Chain, Recurring, Rule, Run
from tricorn.automation.reads import rule_rows, runs_shown
from tricorn.catalogue.verbs import add_service
from tricorn.engine.agreement import Agreement
from tricorn.engine.escalation import Step
from tricorn.engine.rules import Action
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty, share
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket

SCRIPT = "<script>alert(1)</script>"
FILLED = {"name": "Printers", "when": "reported", "most_an_hour": "50", "note": "Look at it."}


def test_a_rule_is_written_without_code_tried_and_switched_on(manage, una, mail, desi):
    make_ticket(una, mail, text="The printer smokes")
    make_ticket(una, mail, text="Mail is slow")
    filled = {
        **FILLED,
        "service": [mail.pk],
        "kind": ["incident", "request"],
        "words": "printer, toner",
        "assign": "person",
        "assign_person": "desi@example.org",
        "set_priority": "high",
    }

    response = manage.post("/manage/rules/add/", filled)

    kept = Rule.objects.get()
    assert response["Location"] == reverse("manage:rule-try", args=[kept.pk])
    assert (kept.is_on, kept.most_an_hour) == (False, 50)
    tried = manage.get(response["Location"]).content.decode()
    assert "It would have run once." in tried
    assert "the text says “printer”" in tried
    assert "the text does not say “printer” or “toner”" in tried
    manage.post(reverse("manage:rule-switch", args=[kept.pk]), {"to": "on"})
    ticket = make_ticket(una, mail, at=NOON, text="Another printer")
    turn(NOON)
    assert Ticket.objects.get(pk=ticket.pk).assignee == desi
    log = manage.get(reverse("manage:rule-log", args=[kept.pk])).content.decode()
    assert "Another printer" in log
    assert "gave it to Desi" in log


def test_a_rule_comes_back_to_its_form_as_it_was_written(manage, mail, desi, house):
    kept = rule(
        "due_in",
        Action("assign", f"load:{house.provider_id}"),
        Action("notify", f"person:{desi.pk}"),
        Action("hand_over", f"service:{mail.pk}", "Yours."),
        asks=[("words", "a", "b"), ("covered", "yes"), ("kind", "wish"), ("service", mail.pk)],
        minutes=120,
    )
    url = reverse("manage:rule", args=[kept.pk])
    form = manage.get(url).context["form"]
    typed = {
        name: value for name in form.fields if (value := form[name].value()) not in (None, False)
    }
    assert (typed["amount"], typed["unit"], typed["words"]) == (2, "60", "a, b")
    assert (typed["assign"], typed["assign_team"]) == ("load", house.provider_id)
    assert typed["notify_person"] == "desi@example.org"

    manage.post(url, typed)

    again = Rule.objects.get()
    assert (again.written, again.edition) == (kept.written, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "required"),
        ({"note": ""}, "at least one thing"),
        ({"when": "due_in"}, "Say for how long"),
        ({"hand_to": "service:99"}, "not one of the available choices"),
        ({"assign": "person"}, "say which or whom"),
        ({"assign": "person", "assign_person": "Nobody Known"}, "Nobody is known as"),
        ({"words": "x" * 100}, "is no value for the text"),
        ({"amount": "0"}, "greater than or equal to 1"),
        ({"name": "One"}, "There is a rule called One already"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_what_was_typed_stays(manage, mail, typed, said):
    rule("reported", name="One")

    response = manage.post("/manage/rules/add/", {**FILLED, **typed})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Rule.objects.count() == 1


def test_rules_are_put_in_order_switched_and_removed(manage):
    first, second = rule("reported", name="First"), rule("reported", name="Second")

    manage.post(reverse("manage:rule-move", args=[second.pk]), {"to": "up"})
    manage.post(reverse("manage:rule-switch", args=[first.pk]), {"to": "off"})
    rows = manage.get("/manage/rules/").context["rows"]
    assert [(each["row"].rule.name, each["row"].rule.is_on) for each in rows] == [
        ("Second", True),
        ("First", False),
    ]

    manage.post(reverse("manage:rule-remove", args=[first.pk]))

    assert len(manage.get("/manage/rules/").context["rows"]) == 1
    assert manage.get(reverse("manage:rule", args=[first.pk])).status_code == 404


def test_the_log_says_what_was_refused_and_script_is_text(manage, una, mail, sam):
    kept = rule(
        "reported",
        Action("assign", f"person:{sam.pk}"),
        NOTE,
        asks=[("words", "<script>")],
        name=SCRIPT,
    )
    make_ticket(una, mail, text=SCRIPT)
    turn(NOON)

    for name in ("rule-log", "rule-try", "rule"):
        page = manage.get(reverse(f"manage:{name}", args=[kept.pk])).content.decode()
        assert SCRIPT not in page
    log = manage.get(reverse("manage:rule-log", args=[kept.pk])).content.decode()
    assert "Sam does not work at the desk of Mail." in log


def test_a_long_log_costs_the_same_queries(manage, una, mail, django_assert_max_num_queries):
    kept = rule("reported", Action("prioritise", "high"), asks=[("service", mail.pk)])
    for number in range(12):
        make_ticket(una, mail, at=NOON, text=f"Number {number}")
    turn(NOON)

    with django_assert_max_num_queries(16):
        assert manage.get(reverse("manage:rule-log", args=[kept.pk])).status_code == 200


def steps(*rows, count=4):
    sent = {"form-TOTAL_FORMS": str(count), "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-{name}": value for name, value in row.items()}
    return sent


def test_a_rule_links_to_a_problem_and_asks_for_links(manage, una, desi, mail):
    described = tickets.Described("Old switch", services=(mail,))
    problem = tickets.add_problem(described, by=desi.actor, at=NOON)
    typed = {**FILLED, "note": "Hello {{ name }}", "link_to": f"problem:{problem.pk}"}
    wrong = manage.post("/manage/rules/add/", {**typed, "note": "Hello {{ nobody }}"})

    response = manage.post("/manage/rules/add/", {**typed, "outage": "no"})

    assert "There is no variable {{ nobody }}" in wrong.content.decode()
    assert response.status_code == 302
    kept = Rule.objects.get()
    verbs.switch_rule(kept, by=COMMAND, at=LONG_AGO, is_on=True)
    make_ticket(una, mail)
    turn(NOON)
    log = manage.get(reverse("manage:rule-log", args=[kept.pk])).content.decode()
    assert f"linked it to {problem.ref}" in log
    assert "it is not so that it is linked to an outage" in log
    form = manage.get(reverse("manage:rule", args=[kept.pk])).context["form"]
    assert (form.initial["link_to"], form.initial["outage"]) == (f"problem:{problem.pk}", "no")


def test_the_chains_that_agreements_name_stand_below(manage, mail, clive, mo, finance):
    step = '[[escalation]]\nid = "E1"\nat = "2h before"\nperson = "Mo"\nclient = true\n'
    version = activate(Agreement.from_toml(A7 + step), by=COMMAND, at=LONG_AGO).version

    page = manage.get("/manage/escalation/").content.decode()

    assert "E1: 2 h before it is due: Mo and the client" in page
    assert reverse("manage:agreement", args=[version.pk]) in page
    make_ticket(somebody("Cleo", finance), mail)
    tried = manage.get(reverse("manage:escalation-try", args=[mail.pk]) + "?days=300")
    assert "A-7, clause E1: 2 h before it is due: Mo and the client" in tried.content.decode()
    own = manage.get(reverse("manage:agreement", args=[version.pk])).content.decode()
    assert "2 h of service hours before a promise is late, Mo is told, and so is the client." in own


def test_a_chain_is_set_and_shown(manage, mail, clive):
    url = reverse("manage:escalation-of", args=[mail.pk])
    sent = steps(
        {"when": "before", "amount": "30", "unit": "1", "whom": "assignee"},
        {"when": "late", "whom": "person", "person": "clive@example.org"},
        {"when": "after", "amount": "2", "unit": "60", "whom": "manager"},
    )

    assert manage.post(url, sent).status_code == 302

    assert [step["when"] for step in Chain.objects.get().steps] == ["before", "late", "after"]
    page = manage.get("/manage/escalation/").content.decode()
    assert "30 min before it is due: who has it" in page
    assert "as soon as it is late: Clive" in page
    assert "2 h after it is late: the manager of the service" in page
    assert manage.get(url).context["steps"].initial[2]["unit"] == "60"
    manage.post(url, steps({"when": ""}))
    assert not Chain.objects.exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"when": "before", "whom": "team"}, "say how much"),
        ({"when": "share", "amount": "100", "whom": "team"}, "from 1 to 99 percent"),
        ({"when": "late", "whom": "person"}, "say who"),
        ({"when": "late", "whom": "person", "person": "Nobody"}, "Nobody is known as"),
        ({"when": "sometime"}, "not one of the available choices"),
    ],
)
def test_a_chain_that_makes_no_sense_is_refused(manage, mail, row, said):
    response = manage.post(reverse("manage:escalation-of", args=[mail.pk]), steps(row))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Chain.objects.exists()


AGAIN = {
    "text": "Check the backups",
    "kind": "request",
    "from_on": "2026-10-05",
    "at_time": "13:00",
    "zone": "Europe/Berlin",
    "every": "1",
    "unit": "week",
    "skips_while_open": "on",
}


def test_what_comes_again_is_added_previewed_paused_and_changed(manage, mail):
    filled = {**AGAIN, "service": mail.pk, "weekdays": ["0", "3"]}
    preview = manage.post("/manage/recurring/preview/", filled)
    assert len(preview.context["ahead"]) == 5
    assert preview.context["ahead"][1] - preview.context["ahead"][0] == timedelta(days=3)

    assert manage.post("/manage/recurring/add/", filled).status_code == 302

    row = Recurring.objects.get()
    assert row.next_at == NOON + HOUR
    page = manage.get(reverse("manage:recurring", args=[row.pk]))
    assert len(page.context["ahead"]) == 5
    manage.post(reverse("manage:recurring", args=[row.pk]), {**filled, "unit": "day"})
    manage.post(reverse("manage:recurring-switch", args=[row.pk]), {"to": "off"})
    row.refresh_from_db()
    assert (row.unit, row.weekdays, row.is_on) == ("day", [], False)
    assert "paused" in manage.get("/manage/recurring/").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"text": " \n"},
        {"zone": "Mars/Base"},
        {"every": "0"},
        {"at_time": "25:00"},
        {"from_on": ""},
        {"from_on": "2199-12-31", "unit": "day", "every": "366", "at_time": "00:00"},
        {"weekdays": ["9"]},
        {"requester": "Nobody Known"},
    ],
)
def test_what_cannot_come_again_is_refused(manage, mail, typed):
    response = manage.post("/manage/recurring/add/", {**AGAIN, "service": mail.pk, **typed})
    preview = manage.post("/manage/recurring/preview/", {**AGAIN, "service": mail.pk, **typed})

    assert preview.status_code == 200
    if typed.get("unit") == "day":
        assert response.status_code == 302  # far away, but it comes
    else:
        assert response.status_code == 422
        assert not Recurring.objects.exists()


@pytest.mark.parametrize("path", ["rules/", "rules/add/", "escalation/", "recurring/"])
def test_before_there_is_anything_the_pages_say_what_will_be_here(manage, path):
    assert manage.get(f"/manage/{path}").status_code == 200


def test_who_manages_one_service_does_not_find_rules(of_mail, mail):
    somebody("Otto")

    assert of_mail.get("/manage/rules/").status_code == 404
    assert of_mail.post("/manage/rules/add/", FILLED).status_code == 404


def test_what_they_try_and_what_they_did_tells_nothing_of_a_private_service(
    manage, una, mail, hours, house
):
    staff = add_service(
        by=COMMAND, at=LONG_AGO, name="Staff matters", provider=house.provider, hours=hours
    )
    hera = somebody("Hera", house.provider)
    give_duty(hera, "manage", by=COMMAND, at=LONG_AGO, service=staff)
    share(staff, by=COMMAND, at=LONG_AGO, is_private=True)
    kept = rule("reported", Action("hand_over", f"service:{mail.pk}", "Yours."))
    verbs.set_chain(staff, [Step("share", 1, "manager")], by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(una, staff, text="Quincunx shouts at us")
    tickets.tag(ticket, by=COMMAND, at=NOON, name="Quincunx")
    behind = tickets.Described("Quincunx", (staff,), workaround="Wait", is_known_error=True)
    tickets.add_problem(behind, by=COMMAND, at=NOON, ticket=ticket)
    make_ticket(una, mail, text="Mail is slow")
    turn(NOON)

    pages = [
        manage.get(reverse("manage:rules")).content.decode(),
        manage.get(reverse("manage:rule-log", args=[kept.pk])).content.decode(),
        manage.get(reverse("manage:rule-try", args=[kept.pk])).content.decode(),
        manage.get(reverse("manage:escalation-try", args=[staff.pk])).content.decode(),
        manage.get(reverse("manage:rule-add")).content.decode(),
        manage.get(reverse("manage:tags")).content.decode(),
    ]

    ticket.refresh_from_db()
    assert ticket.service == staff  # only who serves it hands it over
    assert not [page for page in pages if "Quincunx" in page]
    assert "Mail is slow" in pages[1]
    assert "One matter was looked at." in pages[2]
    assert "0 matters were looked at." in pages[3]
    assert (
        runs_shown(Run.objects.order_by("id")[:1])[0]
        .done[0]["refused"]
        .startswith("What is in Staff")
    )
    assert rule_rows({staff.pk})[0].runs == 1
