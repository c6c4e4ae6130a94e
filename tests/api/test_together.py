"""Merging, linking, tags, checklists, macros, problems and notices through the API."""

from datetime import timedelta

import pytest

from tests.api.conftest import program_of
from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.engine.steps import Step
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.notices.models import Notice
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.verbs import Described


@pytest.fixture
def ticket(una, mail):
    return make_ticket(una, mail, text="Mail is slow")


@pytest.fixture
def other(cleo, mail):
    return make_ticket(cleo, mail, text="Mail is slow, too")


@pytest.fixture
def elsewhere(una, house, hours):
    """A ticket of a service that Dora serves, and the others do not."""
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    return make_ticket(una, laptop, text="It is broken")


@pytest.fixture
def dora(house, mail):
    """Works at the desk, for Mail alone."""
    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=mail)
    return person


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_merged_and_unmerged_they_stand_as_before(desi, ticket, other):
    program = program_of(desi)

    told = done(program.post(f"/tickets/{ticket.ref}/merge", {"into": other.ref}))
    assert told["state"] == "merged"
    assert done(program.get(f"/tickets/{other.ref}/relations"))["merged"][0]["ref"] == ticket.ref
    near = done(program.get(f"/tickets/{ticket.ref}/relations"))
    assert near["merged_into"]["ref"] == other.ref
    assert done(program.post(f"/tickets/{ticket.ref}/unmerge"))["state"] == "new"
    assert program.post(f"/tickets/{ticket.ref}/unmerge").status_code == 409


def test_a_link_reads_from_both_ends_and_goes_away(desi, ticket, other):
    program = program_of(desi)
    given = {"other": other.ref, "kind": "blocked_by"}

    done(program.post(f"/tickets/{ticket.ref}/link", given))
    done(program.post(f"/tickets/{ticket.ref}/set_parent", {"parent": other.ref}))

    mine = done(program.get(f"/tickets/{ticket.ref}/relations"))
    theirs = done(program.get(f"/tickets/{other.ref}/relations"))
    assert (mine["links"][0]["kind"], theirs["links"][0]["kind"]) == ("blocked_by", "blocks")
    assert (mine["parent"]["ref"], theirs["children"][0]["ref"]) == (other.ref, ticket.ref)
    done(program.post(f"/tickets/{ticket.ref}/unlink", given))
    done(program.post(f"/tickets/{ticket.ref}/set_parent", {"parent": None}))
    left = done(program.get(f"/tickets/{ticket.ref}/relations"))
    assert (left["links"], left["parent"]) == ([], None)


@pytest.mark.parametrize(
    ("verb", "field"), [("merge", "into"), ("link", "other"), ("set_parent", "parent")]
)
def test_with_what_one_does_not_serve_nothing_is_joined(dora, ticket, elsewhere, verb, field):
    answer = program_of(dora).post(f"/tickets/{ticket.ref}/{verb}", {field: elsewhere.ref})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Line.objects.filter(kind__in=["ticket.merged", "ticket.linked"]).exists()


def test_tags_lists_reminders_and_following(desi, ticket):
    program, path = program_of(desi), f"/tickets/{ticket.ref}"

    done(program.post(f"{path}/tag", {"name": "Disk"}))
    done(program.post(f"{path}/add_items", {"items": ["Order it", "Put it in"]}))
    first, second = done(program.get(f"{path}/aids"))["checklist"]
    done(program.post(f"{path}/tick", {"item": first["id"]}))
    done(program.post(f"{path}/remove_item", {"item": second["id"]}))
    done(program.post(f"{path}/follow"))
    later = (NOON + timedelta(days=2)).isoformat()
    done(program.post(f"{path}/remind", {"due_at": later, "note": "Ask"}))

    told = done(program.get(f"{path}/aids"))
    assert (told["tags"], told["is_following"]) == (["Disk"], True)
    assert [each["ticked_by"]["name"] for each in told["checklist"]] == ["Desi"]
    assert told["reminder"]["note"] == "Ask"
    for verb, given in (
        ("untag", {"name": "disk"}),
        ("untick", {"item": first["id"]}),
        ("unfollow", None),
        ("forget_reminder", None),
    ):
        done(program.post(f"{path}/{verb}", given))
    told = done(program.get(f"{path}/aids"))
    assert (told["tags"], told["is_following"], told["reminder"]) == ([], False, None)
    assert told["checklist"][0]["ticked_at"] is None
    assert program.post(f"{path}/tick", {"item": second["id"]}).status_code == 422


def test_kept_words_are_filled_in_and_a_macro_runs_whole(desi, ticket):
    who = {"by": desi.actor, "at": LONG_AGO}
    words = verbs.keep_canned(name="Hello", text="Dear {{ name }}", **who)
    steps = [Step("take"), Step("tag", text="Seen")]
    macro = verbs.keep_macro(name="Mine", steps=steps, **who)
    program, path = program_of(desi), f"/tickets/{ticket.ref}"

    told = done(program.get(f"{path}/aids"))
    assert [each["id"] for each in told["canned"] + told["macros"]] == [words.pk, macro.pk]
    assert done(program.get(f"{path}/canned/{words.pk}"))["text"] == "Dear Una"
    assert done(program.post(f"{path}/run_macro", {"macro": macro.pk}))["desk"]["assignee"]["name"]
    assert done(program.get(f"{path}/aids"))["tags"] == ["Seen"]
    assert program.post(f"{path}/run_macro", {"macro": 10**9}).status_code == 422
    reading = program_of(desi, "tickets:read")
    assert reading.get(f"{path}/canned/{words.pk}").status_code == 403


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("merge", {"into": "T-1"}),
        ("unmerge", None),
        ("link", {"other": "T-1"}),
        ("set_parent", {"parent": None}),
        ("tag", {"name": "x"}),
        ("add_items", {"items": ["x"]}),
        ("tick", {"item": 1}),
        ("remind", {"due_at": "2026-12-01T08:00:00Z"}),
        ("run_macro", {"macro": 1}),
        ("link_article", {"article": "mail"}),
    ],
)
def test_what_is_the_desks_is_refused_to_whose_matter_it_is(una, sam, ticket, verb, given):
    lines = Line.objects.exclude(subject="token").count()

    assert program_of(una).post(f"/tickets/{ticket.ref}/{verb}", given).status_code == 403
    assert program_of(sam).post(f"/tickets/{ticket.ref}/{verb}", given).status_code == 404
    assert Line.objects.exclude(subject="token").count() == lines


def test_whose_matter_it_is_may_follow_and_reads_no_aids_of_the_desk(una, ticket):
    program = program_of(una)

    done(program.post(f"/tickets/{ticket.ref}/follow"))
    assert program.get(f"/tickets/{ticket.ref}/aids").status_code == 403
    assert done(program.get(f"/tickets/{ticket.ref}/relations"))["links"] == []


def test_a_problem_is_linked_and_read_at_its_desk_alone(desi, una, mail, ticket):
    known = Described("Full disk", (mail,), workaround="Empty it", is_known_error=True)
    problem = verbs.add_problem(known, by=desi.actor, at=LONG_AGO)
    program, path = program_of(desi), f"/problems/{problem.ref}"

    told = done(program.post(f"{path}/link", {"ticket": ticket.ref}))
    assert told["tickets"] == [ticket.ref]
    behind = done(program.get(f"/tickets/{ticket.ref}/relations"))["problems"]
    assert [each["workaround"] for each in behind] == ["Empty it"]
    for query, count in (("show=known", 1), ("show=solved", 0), ("q=disk", 1), ("q=paper", 0)):
        assert len(done(program.get(f"/problems?{query}"))["items"]) == count
    assert done(program.post(f"{path}/unlink", {"ticket": ticket.ref}))["tickets"] == []
    assert program.get("/problems/P-999").status_code == 404
    assert done(program_of(una).get("/problems"))["items"] == []
    assert program_of(una).get(path).status_code == 404


def test_a_problem_is_noted_known_solved_and_told(desi, mail, ticket, other):
    program = program_of(desi)
    given = {"title": "Full disk", "services": ["mail"], "ticket": ticket.ref}

    made = program.post("/problems", given)
    told = done(made, 201)
    path = f"/problems/{told['ref']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert (told["state"], told["tickets"]) == ("found", [ticket.ref])
    refused = program.patch(path, {"is_known_error": True})
    assert refused.json()["errors"][0]["field"] == "workaround"
    known = {"cause": "No space", "workaround": "Empty it", "is_known_error": True}
    told = done(program.patch(path, known))
    assert (told["title"], told["state"], told["services"]) == ("Full disk", "understood", ["mail"])
    assert done(program.post(f"{path}/solve", {"solution": "A larger one"}))["state"] == "solved"
    assert program.patch(path, {"cause": "Other"}).status_code == 409
    elsewhere = program.post(f"{path}/tell", {"tickets": [other.ref], "note": "It is over"})
    assert elsewhere.json()["errors"][0]["field"] == "tickets"
    draft = {"kind": "answer", "ticket": ticket.ref, "text": "We look"}
    done(program.post("/drafts", draft))
    told = done(program.post(f"{path}/tell", {"tickets": [ticket.ref], "note": "It is over"}))
    assert told == {"resolved": [ticket.ref], "refused": [], "begun": [ticket.ref]}
    assert done(program.post(f"{path}/reopen"))["solution"] == "A larger one"


def test_problems_are_written_at_their_desk_alone(una, dora, elsewhere, mail):
    given = {"title": "Full disk", "services": ["mail"]}

    assert program_of(una).post("/problems", given).status_code == 403
    wrong = program_of(dora).post("/problems", given | {"services": ["laptop"]})
    assert wrong.json()["errors"][0]["field"] == "services"
    wrong = program_of(dora).post("/problems", given | {"ticket": elsewhere.ref})
    assert wrong.json()["errors"][0]["field"] == "ticket"
    reading = program_of(dora, "tickets:read")
    assert reading.post("/problems", given).status_code == 403
    assert not Problem.objects.exists()


def test_a_part_of_what_was_said_becomes_a_ticket_of_its_own(desi, una, cleo, mail, ticket):
    second = verbs.answer(ticket, by=una.actor, at=MONDAY, text="And the printer jams")
    program, path = program_of(desi), f"/tickets/{ticket.ref}/split"
    for wrong, field in (
        ({"messages": [10**9]}, "messages"),
        ({"messages": [second.pk], "service": "laptop"}, "service"),
        ({"messages": [second.pk], "requester": 10**9}, "requester"),
    ):
        assert program.post(path, wrong).json()["errors"][0]["field"] == field
    assert program_of(una).post(path, {"messages": [second.pk]}).status_code == 403

    made = program.post(path, {"messages": [second.pk]}, idempotency_key="one")

    told = done(made, 201)
    assert (told["summary"], told["requester"]["name"]) == ("And the printer jams", "Una")
    assert made.headers["Location"] == f"/api/v1/tickets/{told['ref']}"
    again = program.post(path, {"messages": [second.pk]}, idempotency_key="one")
    assert again.json() == told
    assert Ticket.objects.count() == 2
    third = verbs.answer(ticket, by=una.actor, at=MONDAY, text="And the phone")
    told = done(program.post(path, {"messages": [third.pk], "requester": cleo.pk}), 201)
    assert told["requester"]["name"] == "Cleo"


def test_lines_that_a_merged_ticket_brought_are_ticked_where_it_is_handled(desi, ticket, other):
    verbs.add_items(other, by=desi.actor, at=LONG_AGO, items=["Order it"])
    verbs.merge(other, by=desi.actor, at=NOON, into=ticket)
    program, path = program_of(desi), f"/tickets/{ticket.ref}"

    (line,) = done(program.get(f"{path}/aids"))["checklist"]

    done(program.post(f"{path}/tick", {"item": line["id"]}))
    assert done(program.get(f"{path}/aids"))["checklist"][0]["ticked_by"]["name"] == "Desi"


def test_notices_are_ones_own_and_are_read(desi, una, sam, ticket):
    line = Line.objects.get(kind="ticket.reported")
    told = {"line": line, "ticket": ticket, "capacity": "agent", "about": "reported"}
    for person in (desi, sam):
        Notice.objects.create(person=person, how="page", made_at=MONDAY, **told)
    program = program_of(desi)

    (row,) = done(program.get("/notices?unread=true"))["items"]
    assert (row["ticket"], row["said"]) == (ticket.ref, "New in your services")
    assert done(program_of(sam).get("/notices"))["items"][0]["ticket"] is None
    assert program_of(sam).post(f"/notices/{row['id']}/read").status_code == 404
    assert done(program.post(f"/notices/{row['id']}/read"))["is_read"] is True
    assert done(program.get("/notices?unread=true"))["items"] == []
    assert done(program_of(sam).post("/notices/read_all"))["read"] == 1
    assert done(program_of(una).get("/notices"))["items"] == []


@pytest.fixture
def reviewer(mo):
    verbs.set_reviewer(mo, by=COMMAND, at=LONG_AGO)
    return mo


def test_a_complaint_about_somebody_here_is_in_no_answer_to_the_desk(una, desi, reviewer, mail):
    given = {"text": "Desi was rude", "service": "mail", "about_staff": True}
    told = done(program_of(una).post("/tickets", given), 201)

    assert (told["kind"], told["desk"]) == ("complaint", None)
    ref, program = told["ref"], program_of(desi)
    for path in ("", "/messages", "/attachments", "/relations", "/aids", "/clocks"):
        assert program.get(f"/tickets/{ref}{path}").status_code == 404, path
    for query in ("", "q=rude", f"q=ref:{ref}", "late=false", "changed_since=2026-10-01T00:00:00Z"):
        assert done(program.get(f"/tickets?{query}"))["items"] == [], query
    assert program.post(f"/tickets/{ref}/answer", {"text": "No"}).status_code == 404
    assert done(program_of(una).get(f"/tickets/{ref}"))["messages"][0]["text"] == "Desi was rude"


def test_without_a_reviewer_or_for_somebody_else_it_is_not_taken(una, desi, mail):
    given = {"text": "Desi was rude", "service": "mail", "about_staff": True}

    nobody = program_of(una).post("/tickets", given)
    verbs.set_reviewer(somebody("Rita", mail.provider), by=COMMAND, at=LONG_AGO)
    for_una = program_of(desi).post("/tickets", {**given, "requester": una.pk})

    for answer in (nobody, for_una):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "about_staff"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "fields.1-1"), ({"1-2": "x"}, "fields"), ({"1-1": "x"}, "1-1"), ({"1-1": "12"}, "")],
)
def test_what_the_service_asks_is_answered_in_a_report_and_changed(una, desi, mail, fields, field):
    mail.questions = [
        {"key": "1-1", "label": "How many?", "kind": "number", "required": "named"},
        {"key": "1-2", "label": "Ours?", "is_desk_only": True},
    ]
    mail.save()
    given = {"text": "Slow", "service": "mail", "fields": fields}

    answer = program_of(una).post("/tickets", given)

    if field:
        assert answer.json()["errors"][0]["field"] == field
        assert not Ticket.objects.exists()
    else:
        made = Ticket.objects.get()
        assert made.fields == {"1-1": 12}
        desk, path = program_of(desi), f"/tickets/{made.ref}"
        done(desk.post(f"{path}/edit_fields", {"fields": {"1-1": "13", "1-2": "yes"}}))
        assert desk.post(f"{path}/edit_fields", {"fields": {"1-9": "x"}}).status_code == 422
        assert done(desk.get(path))["fields"] == {"1-1": 13, "1-2": "yes"}
        assert done(program_of(una).get(path))["fields"] == {"1-1": 13}
        asked = done(program_of(una).get("/services/mail"))["questions"]
        assert [each["label"] for each in asked] == ["How many?"]
