"""Writing an agreement: four questions, everything else in forms, the whole text as TOML."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from tests.agreements.offering import may, offered, option, text
from tests.cast import LONG_AGO, MONDAY
from tests.engine.agreements_given import EVERYTHING
from tests.web.filled import filled
from tricorn.agreements import verbs
from tricorn.agreements.models import Offer, Option
from tricorn.agreements.verbs import Described
from tricorn.agreements.verbs.offers import draft_of
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.engine.agreement import Agreement, Escalation
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line

ADD = "/manage/offers/add/"
SCRIPT = "<script>alert(1)</script>"


def said(response) -> str:
    return response.content.decode()


def test_four_questions_make_a_draft(manage, mail, finance, mo):
    page = manage.get(ADD)

    response = manage.post(ADD, filled(page, client=finance.pk))

    offer = Offer.objects.get()
    assert response["Location"] == reverse("manage:offer", args=[offer.pk])
    assert (offer.state, offer.client, offer.title) == ("draft", finance, "Mail for Finance")
    content = draft_of(offer.options.get())
    assert content.services == ("Mail",)
    assert [(c.stop, str(c.target), c.priorities) for c in content.clauses] == [
        ("first_response", "8h", ()),
        ("resolved", "3d", ()),
    ]
    assert [str(clause.share) for clause in content.clauses] == ["0.95", "0.95"]
    assert list(content.hours) == ["Business days 8 to 20"]
    assert [(each.scope, each.name, each.below) for each in content.entitled] == [
        ("organisation", "Finance", True)
    ]
    assert str(content.from_on) == "2026-11-01"
    assert Line.objects.filter(kind="offer.begun").get().actor == mo.actor


def test_a_week_of_its_own_and_two_speeds(manage, mail, finance):
    page = manage.get(ADD)
    sent = filled(
        page,
        client=finance.pk,
        hours="own",
        own__mon="08:00-20:00",
        own__country="DE",
        fast__urgent_first="30m",
        fast__urgent_resolved="4h",
    )

    response = manage.post(ADD, sent)

    assert response.status_code == 302
    content = draft_of(Option.objects.get())
    (hours,) = content.hours.values()
    assert hours.holidays.country == "DE"
    assert [(c.id, str(c.target), c.priorities) for c in content.clauses] == [
        ("R1", "30m", ("critical", "high")),
        ("R2", "8h", ("moderate", "low")),
        ("R3", "4h", ("critical", "high")),
        ("R4", "3d", ("moderate", "low")),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"client": ""}, "Please fill this in"),
        ({"level": ""}, "Please fill this in"),
        ({"fast__urgent_first": "soon"}, "is not a target"),
        ({"fast__share": "0.95"}, "Write 95"),
        ({"from_on": "2026-02-30"}, "no date of the calendar"),
        ({"from_on": ""}, "From which day"),
        ({"to_on": "2026-10-01"}, "before it begins"),
        ({"hours": "own", "own__mon": "8 to 20"}, "is not a window"),
        ({"notice": "soon"}, "is no length"),
        ({"toml": "[agreement"}, "is not TOML"),
        ({"answer_by": "2020-01-01"}, "over"),
        ({"offer_title": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_stays(manage, mail, finance, typed, words):
    page = manage.get(ADD)
    lines = Line.objects.count()
    sent = filled(page, **{"client": finance.pk, "note": "As we spoke", **typed})

    response = manage.post(ADD, sent)

    assert response.status_code == 422
    assert words in said(response)
    again = filled(response)
    for key, value in typed.items():
        assert again[key.replace("__", "-")] == [value]
    assert again["note"] == ["As we spoke"]
    assert not Offer.objects.exists()
    assert Line.objects.count() == lines


def test_one_more_row_keeps_everything_typed_and_complains_about_nothing(manage, mail, finance):
    page = manage.get(ADD)
    sent = filled(page, client="", fast__urgent_first="soon", deed="more:price")

    more = manage.post(ADD, sent)

    assert more.status_code == 200
    assert "is not a target" not in said(more)
    again = filled(more, client=finance.pk, fast__urgent_first="30m", price__0__amount="400")
    assert again["price-TOTAL_FORMS"] == ["1"]
    assert manage.post(ADD, {**again, "price-0-currency": "eur"}).status_code == 302
    assert [f"{p.amount:f} {p.currency}" for p in draft_of(Option.objects.get()).prices] == [
        "400 EUR"
    ]


def test_a_row_left_out_says_nothing(manage, mail, finance):
    more = manage.post(ADD, filled(manage.get(ADD), client=finance.pk, deed="more:exception"))
    sent = filled(more, exception__0__words="Own devices", exception__0__DELETE="on")

    manage.post(ADD, sent)

    assert draft_of(Option.objects.get()).exceptions == ()


def test_steps_of_escalation_are_filled_in(manage, mail, finance, mo):
    more = manage.post(ADD, filled(manage.get(ADD), client=finance.pk, deed="more:escalation"))
    sent = filled(
        more,
        escalation__0__at="2h before",
        escalation__0__tell="person",
        escalation__0__person="mo@example.org",
        escalation__0__client="on",
    )
    wrong = manage.post(ADD, {**sent, "escalation-0-at": "soon"})

    response = manage.post(ADD, sent)

    assert (wrong.status_code, response.status_code) == (422, 302)
    assert "is like" in said(wrong).lower()
    assert draft_of(Option.objects.get()).escalation == (
        Escalation("E1", "before", 120, "person", "mo@example.org", tells_client=True),
    )


def test_a_look_in_words_keeps_nothing(manage, mail, finance):
    response = manage.post(ADD, filled(manage.get(ADD), client=finance.pk, deed="show"))

    assert response.status_code == 200
    assert "is first answered within 8 h of service hours" in said(response)
    assert "Nobody may sign this for Finance yet" in said(response)
    assert "[agreement]" in filled(response)["toml"][0]
    assert not Offer.objects.exists()


def test_who_may_approve_is_said(manage, mail, finance, clive):
    may(clive, finance)

    page = manage.get(f"{ADD}?client={finance.pk}")

    assert "it is signed by Clive" in said(page)


def test_a_whole_text_can_be_pasted(manage, mail, finance):
    toml = text().to_toml()

    response = manage.post(ADD, filled(manage.get(ADD), toml=toml))

    assert response.status_code == 302
    offer = Offer.objects.get()
    assert offer.client == finance
    assert draft_of(offer.options.get()) == replace(text(), ref=offer.ref)


def everything(house, finance, mail, mo, **changes) -> Option:
    """Return an option of a draft that says everything that a text can say."""
    content = Agreement.from_toml(EVERYTHING)
    offer = verbs.begin_offer(finance, house.provider, "Everything", by=mo.actor, at=MONDAY)
    content = replace(
        content,
        services=("mail",),
        entitled=tuple(
            replace(each, name="Finance" if each.name else "", services=(), funder="")
            for each in content.entitled
            if each.scope in ("organisation", "everyone")
        ),
        availability=tuple(replace(each, services=()) for each in content.availability),
        workloads=tuple(replace(each, services=()) for each in content.workloads),
        **changes,
    )
    return verbs.add_option(offer, Described("All"), content, by=mo.actor, at=MONDAY)


def test_a_text_read_into_the_form_and_saved_unchanged_is_the_same(
    manage, house, finance, mail, mo
):
    row = everything(house, finance, mail, mo)
    url = reverse("manage:option", args=[row.pk])
    page = manage.get(url)
    assert not page.context["composer"].is_text_only

    response = manage.post(url, filled(page))

    before = draft_of(row).hash
    row.refresh_from_db()
    assert response.status_code == 302
    assert draft_of(row).hash == before
    assert json.loads(row.draft)["credit"]


def test_a_text_that_the_forms_cannot_hold_is_edited_as_text(manage, house, finance, mail, mo):
    clause = replace(text().clauses[0], kinds=("incident", "incident"))
    row = everything(house, finance, mail, mo, clauses=(clause,), credits=(), credits_at_most=None)
    url = reverse("manage:option", args=[row.pk])
    page = manage.get(url)
    before = draft_of(row).hash

    assert "the forms cannot hold" in said(page)
    assert manage.post(url, filled(page)).status_code == 302
    row.refresh_from_db()
    assert draft_of(row).hash == before


def test_the_whole_text_wins_where_it_was_changed(manage, house, finance, mail, mo):
    row = option(offered(house, finance, mo), "A")
    url = reverse("manage:option", args=[row.pk])
    page = manage.get(url)
    toml = filled(page)["toml"][0].replace('"8h"', '"4h"')

    assert manage.post(url, filled(page, toml=toml)).status_code == 302

    row.refresh_from_db()
    assert str(draft_of(row).clauses[1].target) == "4h"


def test_both_changed_is_a_conflict_that_is_said(manage, house, finance, mail, mo):
    row = option(offered(house, finance, mo), "A")
    url = reverse("manage:option", args=[row.pk])
    page = manage.get(url)
    toml = filled(page)["toml"][0].replace('"8h"', '"4h"')
    sent = filled(page, toml=toml, clause__0__target="2h")

    response = manage.post(url, sent)

    assert response.status_code == 422
    assert "Both this text and the answers above were changed" in said(response)
    row.refresh_from_db()
    assert str(draft_of(row).clauses[1].target) == "8h"
    assert manage.post(url, {**filled(response), "take_toml": "on"}).status_code == 302
    row.refresh_from_db()
    assert [str(clause.target) for clause in draft_of(row).clauses] == ["1h", "4h"]


def test_an_option_shows_what_the_next_round_would_change(manage, house, finance, mail, mo):
    row = option(offered(house, finance, mo), "A")
    url = reverse("manage:option", args=[row.pk])

    response = manage.post(url, filled(manage.get(url), clause__1__target="4h", deed="show"))

    assert "was 8 h of service hours, is 4 h of service hours" in said(response)


def test_one_more_option_begins_with_the_last(manage, house, finance, mail, mo):
    offer = offered(house, finance, mo)
    url = reverse("manage:option-add", args=[offer.pk])
    page = manage.get(url)

    response = manage.post(url, filled(page, name="Around the clock"))

    assert response.status_code == 302
    assert option(offer, "C").name == "Around the clock"
    assert draft_of(option(offer, "C")) == draft_of(option(offer, "B"))


def test_an_agreement_is_changed_from_its_newest_text(manage, a7, finance):
    url = f"{ADD}?agreement=A-7"
    page = manage.get(url)
    assert "Change A-7" in said(page)

    assert manage.post(url, filled(page, clause__1__target="4h")).status_code == 302

    offer = Offer.objects.get()
    assert (offer.ref, offer.agreement, offer.client) == ("A-7", a7.agreement, finance)
    content = draft_of(offer.options.get())
    assert str(content.clauses[1].target) == "4h"
    assert content.signed == ()


def test_a_name_that_is_not_known_is_said_beside_it(manage, mail, finance):
    more = manage.post(ADD, filled(manage.get(ADD), client=finance.pk, deed="more:entitled"))
    sent = filled(more, entitled__0__scope="organisation", entitled__0__name="Nowhere")

    response = manage.post(ADD, sent)

    assert response.status_code == 422
    assert response.context["composer"].rows["entitled"].forms[0].errors["name"]
    assert not Offer.objects.exists()


def test_script_in_what_is_typed_is_shown_as_text(manage, mail, finance):
    sent = filled(manage.get(ADD), client=finance.pk, name=SCRIPT, title=SCRIPT, note=SCRIPT)

    page = said(manage.post(ADD, sent, follow=True))

    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_a_manager_of_mail_offers_mail_alone(of_mail, mail, finance, house, hours):
    page = of_mail.get(ADD)
    toml = text().to_toml().replace('"mail"', '"Lift"')

    response = of_mail.post(ADD, filled(page, toml=toml))

    assert response.status_code == 422
    assert "is not yours to offer" in said(response)
    assert not Offer.objects.exists()


def test_a_draft_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    manage, house, finance, mail, mo
):
    row = option(offered(house, finance, mo), "A")
    url = reverse("manage:option", args=[row.pk])
    page = manage.get(url)
    verbs.change_option(row, Described("Mine"), text(target="2h"), by=mo.actor, at=MONDAY)

    response = manage.post(url, filled(page, clause__1__target="4h"))

    assert response.status_code == 422
    assert "Somebody else changed this draft meanwhile" in said(response)
    row.refresh_from_db()
    assert str(draft_of(row).clauses[1].target) == "2h"
    assert manage.post(url, filled(response)).status_code == 302
    row.refresh_from_db()
    assert str(draft_of(row).clauses[1].target) == "4h"


def test_a_levels_usual_hours_and_times_are_filled_in(manage, mail, house, finance, hours):
    add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Laptop",
        provider=house.provider,
        hours=hours,
        promises=[Promise("first_response", "1h", priorities=["critical", "high"])],
    )
    page = manage.get(ADD)
    assert filled(page)["fast-urgent_first"] == [""]

    laptop = mail.levels.model.objects.get(service__name="Laptop")
    filled_in = manage.post(ADD, filled(page, level=laptop.pk, deed="fill"))

    again = filled(filled_in)
    assert (again["fast-urgent_first"], again["fast-other_first"]) == (["1h"], [""])
    assert filled(manage.get(f"{ADD}?service=laptop"))["fast-urgent_first"] == ["1h"]


def test_boxes_left_empty_mean_what_the_level_promises(manage, mail, finance):
    empty = {"fast__urgent_first": "", "fast__urgent_resolved": "", "fast__other_first": ""}
    sent = filled(manage.get(ADD), client=finance.pk, fast__other_resolved="", **empty)

    assert manage.post(ADD, sent).status_code == 302

    content = draft_of(Option.objects.get())
    assert [str(clause.target) for clause in content.clauses] == ["8h", "3d"]
