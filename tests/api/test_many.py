"""Many tickets at once and drafts through the API."""

from datetime import timedelta

import pytest

from tests.api.conftest import program_of
from tests.api.test_together import done, dora, elsewhere
from tests.cast import LONG_AGO, NOON, make_ticket
from tricorn.engine.steps import Step
from tricorn.journal.models import Line
from tricorn.knowledge.verbs import Written, write
from tricorn.tickets import verbs
from tricorn.tickets.models import Bulk, Draft, Ticket
from tricorn.tickets.verbs import Described
from tricorn.tickets.verbs import bulk as bulks
from tricorn.web import middleware

__all__ = ["dora", "elsewhere"]


@pytest.fixture
def three(una, mail):
    return [make_ticket(una, mail, text=f"Matter {n}") for n in range(3)]


def refs(tickets):
    return [each.ref for each in tickets]


def states():
    return list(Ticket.objects.order_by("pk").values_list("state", flat=True))


def test_many_are_resolved_each_with_its_result_and_undone(desi, three):
    verbs.cancel(three[1], by=desi.actor, at=NOON)
    program = program_of(desi)
    given = {"tickets": refs(three), "do": "resolve", "text": "It is over"}

    made = program.post("/bulks", given, idempotency_key="night-1")

    told = done(made, 201)
    path = f"/bulks/{told['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert (told["counts"]["done"], told["counts"]["refused"]) == (2, 1)
    assert program.post("/bulks", given, idempotency_key="night-1").json() == told
    assert Bulk.objects.count() == 1
    assert done(program.get(path)) == told
    assert done(program.get("/bulks"))["items"][0]["id"] == told["id"]
    page = done(program.get(f"{path}/tickets?limit=2"))
    rest = done(program.get(f"{path}/tickets?limit=2&cursor={page['next']}"))
    became = page["items"] + rest["items"]
    assert [each["ticket"] for each in became] == refs(three)
    assert [each["state"] for each in became] == ["done", "refused", "done"]
    assert "cancelled" in became[1]["reason"]
    for _ in range(2):
        told = done(program.post(f"{path}/undo"))
    assert (told["counts"]["undone"], bool(told["undone_at"])) == (2, True)
    assert states() == ["open", "cancelled", "open"]


DEEDS = [
    ({"do": "take"}, {"assignee__name": "Desi"}),
    ({"do": "assign", "to": None}, {"assignee": None}),
    ({"do": "prioritise", "priority": "critical"}, {"priority": "critical"}),
    ({"do": "tag", "text": "Disk"}, {"tagged__tag__name": "Disk"}),
    ({"do": "untag", "text": "Disk"}, {"tagged": None}),
    ({"do": "wait", "holder": "supplier"}, {"waiting_on": "supplier"}),
    ({"do": "hand_over", "text": "Yours", "service": "mail"}, {"messages__text": "Yours"}),
]


def test_each_deed_is_the_verb_of_the_desk(desi, three):
    program = program_of(desi)
    for given, holds in DEEDS:
        told = done(program.post("/bulks", {"tickets": [three[0].ref], **given}), 201)
        assert (told["do"], told["counts"]["done"]) == (given["do"], 1)
        assert Ticket.objects.filter(pk=three[0].pk, **holds).exists(), given


def test_the_journal_names_the_token_on_every_line_also_of_the_worker(desi, three, monkeypatch):
    monkeypatch.setattr(bulks.bulk_some, "__kwdefaults__", {"most": 1})
    done(program_of(desi).post("/bulks", {"tickets": refs(three), "do": "take"}), 201)
    bulks.bulk_some(Bulk.objects.get(), at=NOON, most=9)

    lines = Line.objects.filter(kind__in=["bulk.begun", "ticket.assigned"])
    assert lines.count() == 4
    assert {each.data.get("via") for each in lines} == {Bulk.objects.get().via} != {None}


NO_BULKS = [
    ({"do": "assign"}, "to"),
    ({"do": "assign", "to": 10**9}, "to"),
    ({"do": "take", "text": "x"}, "text"),
    ({"do": "resolve"}, "text"),
    ({"do": "resolve", "text": "{{ wrong }}"}, "text"),
    ({"do": "wait", "holder": None}, "holder"),
    ({"do": "prioritise"}, "priority"),
    ({"do": "hand_over", "text": "x"}, "service"),
    ({"do": "hand_over", "text": "x", "service": "x"}, "service"),
    ({"do": "hand_over", "text": "x", "service": "mail", "team": 1}, "service"),
    ({"do": "hand_over", "text": "x", "team": None}, "team"),
    ({"do": "macro", "macro": 10**9}, "macro"),
    ({"do": "answer", "text": "x"}, "do"),
    ({"do": "take", "tickets": []}, "tickets"),
    ({"do": "take", "tickets": ["T-1"] * 1001}, "tickets"),
    ({"do": "take", "tickets": ["T-999999"]}, "tickets"),
]


def test_what_does_not_fit_is_refused_with_its_field_and_nothing_begun(desi, three):
    program = program_of(desi)
    for given, field in NO_BULKS:
        answer = program.post("/bulks", {"tickets": refs(three), **given})
        assert answer.status_code == 422, given
        assert answer.json()["errors"][0]["field"] == field, given

    assert not Bulk.objects.exists()


def test_many_are_the_desks_and_ones_own(una, desi, dora, three, elsewhere):
    given = {"tickets": refs([*three, elsewhere]), "do": "take"}
    assert program_of(una).post("/bulks", given).status_code == 403
    wrong = program_of(dora).post("/bulks", given)
    assert [each["detail"] for each in wrong.json()["errors"]] == [
        f"There is no ticket {elsewhere.ref} at your desk."
    ]
    assert program_of(desi, "tickets:read").post("/bulks", given).status_code == 403
    assert not Bulk.objects.exists()
    bulk = verbs.begin_bulk([three[0].pk], Step("take"), by=desi.actor, at=NOON)

    for path in ("", "/tickets"):
        assert program_of(dora).get(f"/bulks/{bulk.pk}{path}").status_code == 404
    assert program_of(dora).post(f"/bulks/{bulk.pk}/undo").status_code == 404
    assert done(program_of(dora).get("/bulks"))["items"] == []


def test_after_its_minutes_it_is_too_late_to_undo(desi, three, monkeypatch):
    program = program_of(desi)
    told = done(program.post("/bulks", {"tickets": refs(three), "do": "take"}), 201)
    monkeypatch.setattr(middleware, "now", lambda: NOON + timedelta(minutes=6))

    answer = program.post(f"/bulks/{told['id']}/undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


# Drafts


def test_a_draft_is_kept_read_and_discarded(desi, dora, three, mail):
    program = program_of(desi)
    problem = verbs.add_problem(Described("Disk", (mail,)), by=desi.actor, at=LONG_AGO)
    article = write(Written("Mail", "Slow", services=(mail,)), by=desi.actor, at=LONG_AGO)
    for given in (
        {"kind": "answer", "ticket": three[0].ref, "text": "We"},
        {"kind": "answer", "ticket": three[0].ref, "text": "We look"},
        {"kind": "problem", "problem": problem.ref, "boxes": {"cause": ["Full"]}},
        {"kind": "article", "article": article.slug, "boxes": {"title": ["Mail again"]}},
        {"kind": "report", "boxes": {"text": ["It rains in"], "kind": ["incident"]}},
    ):
        kept = done(program.post("/drafts", given))["draft"]

    assert (kept["kind"], kept["boxes"]["text"]) == ("report", ["It rains in"])
    items = done(program.get("/drafts"))["items"]
    of = [each["ticket"] or each["problem"] or each["article"] for each in items]
    assert of == [three[0].ref, problem.ref, article.slug, None]
    assert items[0]["text"] == "We look"
    without = program_of(desi, "tickets:read", "tickets:write")
    assert len(done(without.get("/drafts"))["items"]) == 3
    path = f"/drafts/{items[0]['id']}"
    assert done(program.get(path)) == items[0]
    assert program_of(dora).get(path).status_code == 404
    assert program_of(dora).post(f"{path}/discard").status_code == 404
    assert done(program.post(f"{path}/discard"))["text"] == "We look"
    assert program.get(path).status_code == 404
    again = {"kind": "report", "boxes": {"text": [" "]}}
    assert done(program.post("/drafts", again)) == {"draft": None}
    assert Draft.objects.count() == 2


def test_a_program_that_answers_leaves_what_its_person_has_begun(desi, three):
    program, path = program_of(desi), f"/tickets/{three[0].ref}/answer"
    done(program.post("/drafts", {"kind": "answer", "ticket": three[0].ref, "text": "We look"}))

    done(program.post(path, {"text": "Somebody is on the way"}))
    assert Draft.objects.exists()
    done(program.post(path, {"text": "We look"}))
    assert not Draft.objects.exists()


NO_DRAFTS = [
    ({"kind": "answer", "text": "x"}, "kind"),
    ({"kind": "answer", "ticket": "T-999999", "text": "x"}, "ticket"),
    ({"kind": "article", "article": "x", "boxes": {"title": ["x"]}}, "article"),
    ({"kind": "problem", "problem": "P-9", "boxes": {"title": ["x"]}}, "problem"),
    ({"kind": "problem", "problem": "P-9", "ticket": "T-1", "boxes": {}}, "kind"),
    ({"kind": "report", "boxes": {"No!": ["x"]}}, "boxes.No!.[key]"),
    ({"kind": "report", "boxes": {"text": ["x" * 60_000] * 2}}, "boxes"),
]


def test_what_is_no_draft_is_refused(desi, mail):
    program = program_of(desi)
    for given, field in NO_DRAFTS:
        answer = program.post("/drafts", given)
        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["field"] == field

    assert not Draft.objects.exists()


def test_drafts_are_the_desks_within_the_scopes_of_the_token(desi, una, mail):
    report = {"kind": "report", "boxes": {"text": ["x"]}}
    article = {"kind": "article", "boxes": {"title": ["x"]}}

    assert program_of(una).post("/drafts", report).status_code == 403
    assert program_of(desi, "tickets:read").post("/drafts", report).status_code == 403
    assert program_of(desi, "tickets:write").post("/drafts", article).status_code == 403
    assert done(program_of(una).get("/drafts"))["items"] == []
    assert not Draft.objects.exists()
