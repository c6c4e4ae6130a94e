"""What helps an agent, on the pages: with htmx the part, without it the whole page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import HOUR, LONG_AGO, NOON, make_ticket, somebody
from tests.web.desk.test_ticket import mia, text_of, ticket, url
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import add_service
from tricorn.engine.questions import Question
from tricorn.engine.steps import Step
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Bulk, Canned, Draft, Macro, Reminder, Ticket
from tricorn.tickets.reads.aids import tags_on

__all__ = ["mia", "ticket", "url"]
HX = {"HX-Request": "true"}


def said(desi, mail=None, text="Hello {{ name }}, {{ ref }} is in hand."):
    return verbs.keep_canned(by=desi.actor, at=NOON, name="In hand", text=text, service=mail)


# On the ticket


def test_a_tag_is_added_by_its_word_and_stands_in_the_queue(desk, ticket, url):
    part = desk.post(f"{url}tag/", {"name": "printer"}, headers=HX)

    assert 'id="tags"' in text_of(part)
    assert "#printer" in text_of(part)
    assert "#printer" in text_of(desk.get("/desk/"))
    assert "printer" in text_of(desk.get("/desk/tags/?name=pri"))
    assert "Mail is slow" in text_of(desk.get("/desk/?q=tag:print"))
    assert "Mail is slow" not in text_of(desk.get("/desk/?q=tag:paper"))
    assert "Desi tagged it printer" in text_of(desk.get(url))
    assert desk.post(f"{url}untag/", {"name": "printer"}).status_code == 302
    assert tags_on(ticket) == ()


def test_a_tag_that_is_none_is_refused_on_the_page(desk, ticket, url):
    page = desk.post(f"{url}tag/", {"name": "x" * 41})

    assert page.status_code == 422
    assert "at most 40 fit" in text_of(page)
    assert desk.post(f"{url}tag/", {"name": ""}, headers=HX).status_code == 422
    assert desk.post(f"{url}untag/", {"name": "\0"}).status_code == 302
    for address in ("/desk/tags/?name=%00x", "/desk/answers/?q=%00x"):
        assert desk.get(address).status_code == 200


def test_what_is_asked_stands_on_the_ticket_and_is_changed_there(desk, ticket, url, mail, mo):
    question = add_question(
        mail, Question("", "Floor?", "number", is_desk_only=True), by=mo.actor, at=NOON
    )
    box = f"ask-{question.key}"

    wrong = desk.post(f"{url}edit-fields/", {box: "high"})
    assert wrong.status_code == 422
    assert "Floor?: write a number" in text_of(wrong)
    assert 'value="high"' in text_of(wrong)
    desk.post(f"{url}edit-fields/", {box: "3"})

    page = text_of(desk.get(url))
    assert "not answered" not in page
    assert f'name="{box}" value="3"' in page
    assert Ticket.objects.get().fields == {question.key: 3}


def test_a_report_typed_in_by_the_desk_is_asked_what_its_service_asks(desk, mail, mo, desi):
    question = add_question(mail, Question("", "Room?"), by=mo.actor, at=NOON)

    assert "Room?" in text_of(desk.get("/desk/new/"))
    assert "Room?" in text_of(desk.get(f"/desk/new/questions/?service={mail.pk}"))
    form = {"text": "Broken", "service": mail.pk, "kind": "incident", "channel": "phone"}
    form |= {"impact": "2", "urgency": "2", "affected_count": "1", f"ask-{question.key}": "B 12"}
    assert desk.post("/desk/new/", form).status_code == 302
    assert Ticket.objects.get().fields == {question.key: "B 12"}


def test_a_list_is_worked_through_and_warns_before_resolving(desk, ticket, url, mail, mo):
    kept = verbs.keep_checklist(
        mail, by=mo.actor, at=NOON, name="New hire", items=["Account", "Laptop"]
    )
    desk.post(f"{url}add-items/", {"checklist": kept.pk})
    item = ticket.check_items.get(text="Laptop")

    part = text_of(desk.post(f"{url}tick/", {"item": item.pk}, headers=HX))

    assert "1 of 2" in part
    assert "Desi," in part
    assert "1 thing on the list is not done yet." in text_of(desk.get(url))
    desk.post(f"{url}untick/", {"item": item.pk})
    desk.post(f"{url}remove-item/", {"item": item.pk})
    assert desk.post(f"{url}tick/", {"item": "9" * 30}).status_code == 422
    assert "0 of 1" in text_of(desk.get(url))


def test_kept_words_are_inserted_behind_what_was_typed_and_nothing_is_sent(desk, ticket, url, desi):
    kept = said(desi)
    assert 'data-key="i"' in text_of(desk.get(url))

    given = {"text": "Good morning.", "canned": kept.pk}
    page = desk.post(f"{url}insert/", given)
    part = desk.post(f"{url}insert/", given, headers=HX)

    for each in (page, part):
        words = f"Good morning.\n\nHello Cleo, {ticket.ref} is in hand."
        assert words in each.content.decode()
    assert 'id="reply-box"' in text_of(part)
    assert "<aside" not in text_of(part)
    assert ticket.messages.count() == 1


def test_somebody_elses_words_are_not_inserted(desk, url, mia):
    kept = said(mia)

    assert "Hello Cleo" not in text_of(desk.post(f"{url}insert/", {"canned": kept.pk}))


def test_a_draft_is_kept_restored_and_discarded(desk, ticket, url, desi):
    part = desk.post(f"{url}draft/", {"text": "We lo", "kind": "answer"}, headers=HX)

    assert "Kept draft from" in text_of(part)
    page = text_of(desk.get(url))
    assert "We lo</textarea>" in page
    assert "Kept draft from" in page
    assert "{&quot;kind&quot;: &quot;note&quot;}" in page
    assert desk.post(f"{url}draft/", {"text": "Odd", "kind": "note"}).status_code == 302
    desk.post(f"{url}discard-draft/", {"kind": "answer"})
    assert [each.kind for each in Draft.objects.all()] == ["note"]


def test_following_is_one_button(desk, ticket, url):
    assert "Follow it no longer" in text_of(desk.post(f"{url}follow/", headers=HX))
    assert "Followed by Desi" in text_of(desk.get(url))
    desk.post(f"{url}unfollow/")
    assert "Followed by" not in text_of(desk.get(url))


def test_a_reminder_is_one_press_or_a_time_of_ones_own(desk, ticket, url, clock, desi):
    verbs.assign(ticket, by=desi.actor, at=NOON, to=desi)
    assert desk.post(f"{url}remind/", {"when": ""}).status_code == 422
    assert desk.post(f"{url}remind/", {"due": "2020-01-01T10:00"}).status_code == 422
    desk.post(f"{url}remind/", {"due": "2026-10-12T14:30", "is_snooze": "on"})
    assert Reminder.objects.get().due_at == NOON + 2.5 * HOUR

    desk.post(f"{url}remind/", {"when": "hours", "note": "Call Cleo", "is_snooze": "on"})

    assert "Nothing is on your table" in text_of(desk.get("/desk/?tab=mine"))
    clock(NOON + 3 * HOUR)
    assert "Call Cleo" in text_of(desk.get("/desk/?tab=mine"))
    assert "You wanted to see this again" in text_of(desk.get(url))
    desk.post(f"{url}forget-reminder/")
    assert "Call Cleo" not in text_of(desk.get("/desk/?tab=mine"))


def test_a_macro_is_run_from_the_ticket_or_says_which_step_is_refused(desk, ticket, url, desi):
    verbs.keep_macro(by=desi.actor, at=NOON, name="Mine", steps=[Step("take"), Step("close")])
    fine = verbs.keep_macro(by=desi.actor, at=NOON, name="Take", steps=[Step("take")])

    wrong = desk.post(f"{url}run-macro/", {"macro": fine.pk - 1})
    assert wrong.status_code == 409
    assert "Step 2, close it for good" in text_of(wrong)
    assert desk.post(f"{url}run-macro/", {"macro": "x"}).status_code == 422
    assert desk.post(f"{url}run-macro/", {"macro": fine.pk}).status_code == 302
    assert Ticket.objects.get().assignee == desi


def test_the_aids_cost_the_same_however_many_there_are(desk, ticket, url, desi, mia, mail, mo):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    desk.get(url)
    verbs.tag(ticket, by=desi.actor, at=NOON, name="first")
    verbs.add_note(ticket, by=desi.actor, at=NOON, text="@Mia look")
    one = cost()
    for n in range(5):
        verbs.tag(ticket, by=desi.actor, at=NOON, name=f"tag {n}")
        verbs.add_items(ticket, by=desi.actor, at=NOON, items=[f"item {n}"])
        verbs.keep_canned(by=desi.actor, at=NOON, name=f"words {n}", text="x")
        verbs.keep_macro(by=desi.actor, at=NOON, name=f"macro {n}", steps=[Step("take")])
        add_question(mail, Question("", f"What {n}?"), by=mo.actor, at=NOON)
    verbs.tick(ticket.check_items.first(), by=desi.actor, at=NOON)

    assert cost() == one
    assert one <= 50


# Kept words and macros


def test_words_are_kept_found_changed_and_forgotten(desk, mail, desi, mia):
    said(mia)
    wrong = desk.post("/desk/answers/", {"name": "Hello", "text": "{{ nmae }}"})
    assert wrong.status_code == 422
    assert "There is no variable {{ nmae }}. There are:" in text_of(wrong)
    desk.post("/desk/answers/", {"name": "Hello", "text": "Hello you", "service": mail.pk})
    kept = Canned.objects.get(name="Hello")

    assert "shared by Mail" in text_of(desk.get("/desk/answers/?q=you"))
    assert "In hand" not in text_of(desk.get("/desk/answers/"))
    assert "No words are kept" in text_of(desk.get("/desk/answers/?q=nothing"))
    page = f"/desk/answers/{kept.pk}/"
    assert "Hello you" in text_of(desk.get(page))
    desk.post(page, {"name": "Hello", "text": "Hello"})
    kept.refresh_from_db()
    assert (kept.text, kept.service, kept.owner) == ("Hello", None, desi)
    desk.post(f"{page}forget/")
    assert not Canned.objects.filter(owner=desi).exists()


def macro_form(*steps, **more):
    form = {"name": "Close it", "step-TOTAL_FORMS": len(steps), "step-INITIAL_FORMS": 0} | more
    for n, step in enumerate(steps):
        form |= {f"step-{n}-{name}": value for name, value in step.items()}
    return form


def test_a_macro_is_written_step_by_step(desk, mail):
    assert "Step 1" in text_of(desk.get("/desk/macros/0/"))
    wrong = desk.post("/desk/macros/0/", macro_form({"do": "take"}, {"do": "resolve"}))
    assert wrong.status_code == 422
    assert "Step 2: To resolve it, write the words for it." in text_of(wrong)
    steps = ({"do": "prioritise", "what": "priority"}, {"do": "take"})
    assert desk.post("/desk/macros/0/", macro_form(*steps)).status_code == 422

    steps = ({"do": "prioritise", "what": "high"}, {"do": ""}, {"do": "take"})
    assert desk.post("/desk/macros/0/", macro_form(*steps, service=mail.pk)).status_code == 302

    kept = Macro.objects.get()
    assert kept.steps == [{"do": "prioritise", "what": "high"}, {"do": "take"}]
    assert "2 steps" in text_of(desk.get("/desk/macros/"))
    assert "set the priority" in text_of(desk.get(f"/desk/macros/{kept.pk}/"))
    desk.post(f"/desk/macros/{kept.pk}/forget/")
    assert not Macro.objects.exists()


def test_what_somebody_else_keeps_is_not_there(desk, mia):
    kept = said(mia)
    macro = verbs.keep_macro(by=mia.actor, at=NOON, name="Hers", steps=[Step("take")])

    for path in (f"/desk/answers/{kept.pk}/", f"/desk/macros/{macro.pk}/"):
        assert desk.get(path).status_code == 404
        assert desk.post(f"{path}forget/").status_code == 404


# Many at once


@pytest.fixture
def three(mail, cleo, a7):
    return [make_ticket(cleo, mail, text=f"Matter {n}") for n in range(3)]


def test_ticked_rows_are_resolved_with_words_and_undone(desk, three):
    assert 'form="bulk"' in text_of(desk.get("/desk/"))
    chosen = {"do": "resolve", "ref": [three[0].ref, three[2].ref, "T-999", "x"]}
    ask = text_of(desk.post("/desk/bulk/", chosen))
    assert "2 matters: resolve it, with words" in ask
    assert desk.post("/desk/bulk/begin/", chosen).status_code == 422

    done = desk.post("/desk/bulk/begin/", chosen | {"text": "Fixed."})

    page = text_of(desk.get(done["Location"]))
    assert re.search(r"<dt>Done</dt> ?<dd>2</dd>", page)
    assert Ticket.objects.filter(state="resolved").count() == 2
    desk.post(f"{done['Location']}undo/")
    assert not Ticket.objects.filter(state="resolved").exists()
    page = text_of(desk.get(done["Location"], headers=HX))
    assert re.search(r"<dt>Undone</dt> ?<dd>2</dd>", page)
    assert "It was new before, and is open now." in page
    struck = text_of(desk.get(f"/desk/t/{three[0].ref}/"))
    assert "Answer, withdrawn by undo: seen by the desk alone" in struck
    assert re.search(r"<del>.*Fixed\.", struck)
    assert "Desi took back what was added to many at once" in struck


def test_all_of_a_view_and_a_refusal_with_its_reason(desk, desi, three):
    verbs.assign(three[0], by=desi.actor, at=NOON, to=desi)
    chosen = {"do": "close", "all": "yes", "view": "tab=mine"}
    assert "1 matter:" in text_of(desk.post("/desk/bulk/", chosen))

    done = desk.post("/desk/bulk/begin/", {"do": "close", "ref": three[0].ref})

    page = text_of(desk.get(done["Location"]))
    assert three[0].ref in page
    assert "Cannot close a ticket that is new." in page


def test_a_macro_runs_on_many(desk, desi, three):
    none = text_of(desk.post("/desk/bulk/", {"do": "macro", "ref": three[0].ref}))
    assert "No macro is kept that you may use." in none
    assert "Do it with" not in none
    macro = verbs.keep_macro(by=desi.actor, at=NOON, name="Take", steps=[Step("take")])
    chosen = {"do": "macro", "ref": [each.ref for each in three], "what": macro.pk}

    desk.post("/desk/bulk/begin/", chosen)

    assert Ticket.objects.filter(assignee=desi).count() == 3


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"do": "take"},
        {"do": "take", "ref": "T-" + "9" * 4400},
        {"do": "explode", "ref": "T-1"},
    ],
)
def test_nothing_chosen_leads_back_to_the_queue(desk, three, chosen):
    for path in ("/desk/bulk/", "/desk/bulk/begin/"):
        assert desk.post(path, chosen).status_code in (302, 422)
    assert not Bulk.objects.exists()


def test_tickets_of_another_service_are_not_even_chosen(sign_in, three, house, hours):

    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    chosen = {"do": "take", "ref": [each.ref for each in three]}

    sign_in(dora).post("/desk/bulk/begin/", chosen)

    assert not Bulk.objects.exists()
    assert not Line.objects.filter(kind="bulk.begun").exists()


def test_what_somebody_else_did_to_many_is_not_there(desk, mia, three):
    bulk = verbs.begin_bulk([three[0].pk], Step("take"), by=mia.actor, at=NOON)

    assert desk.get(f"/desk/bulk/{bulk.pk}/").status_code == 404
    assert desk.post(f"/desk/bulk/{bulk.pk}/undo/").status_code == 404
