"""Trying agreements on past months at Manage: begun, changed, simulated, made an offer of."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.agreements.offering import saturdays, text
from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tests.insight.replaying import begun, uploaded, with_saturdays
from tricorn.agreements import verbs as offering
from tricorn.agreements.models import Offer
from tricorn.catalogue.verbs import add_service
from tricorn.insight.models import Replay
from tricorn.insight.replays import jobs, verbs
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty

SATURDAY = datetime(2026, 10, 3, 8, tzinfo=UTC)
RUNS = "/manage/replays/"


@pytest.fixture
def october(a7, mail, cleo):
    """Twenty tickets, one every seven hours, nights and a weekend among them."""
    for n in range(20):
        make_ticket(cleo, mail, at=SATURDAY + timedelta(hours=7 * n))


@pytest.fixture
def run(october, mail, mo):
    """A run of Mo on these tickets, with an option."""
    replay = begun(mail, mo, last=date(2026, 10, 12))
    with_saturdays(replay, mo)
    return replay


def at(run, *path: str) -> str:
    return "/".join([f"{RUNS}{run.key}", *path, ""])


def read(response) -> str:
    return " ".join(response.content.decode().split())


def boxes(letter: str, **other) -> dict[str, str]:
    """Return what the form of the text with Saturdays holds, changed here and there."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-20:00")
    sent = {f"{letter}-h0-{day}": each for day, each in week.items()}
    sent |= {f"{letter}-h0-zone": "Europe/Berlin", f"{letter}-h0-name": "desk"}
    sent |= {f"{letter}-name": "Quicker", f"{letter}-amount": "400", f"{letter}-currency": "eur"}
    sent |= {f"{letter}-c0-target": "2h", f"{letter}-c0-share": "90"}
    sent |= {f"{letter}-c1-target": "8h", f"{letter}-c1-share": ""}
    return sent | other


def test_who_has_tried_nothing_reads_how_to_begin(manage, mail):
    page = read(manage.get(RUNS))

    assert "Nothing has been tried yet" in page
    assert f"{RUNS}begin/" in page
    assert f"{RUNS}upload/" in page


def test_months_with_tickets_are_chosen_and_what_is_in_force_comes_along(manage, october):
    assert "October 2026, 20 tickets" in read(manage.get(f"{RUNS}begin/"))

    months = {"source": "0", "first": "2026-10", "last": "2026-10"}
    told = manage.post(f"{RUNS}begin/", months)

    run = Replay.objects.get()
    assert told["Location"] == at(run)
    assert 'ref = "A-7"' in run.present
    assert "12 of 20 tickets came while the desk was closed" in read(manage.get(at(run)))


def test_an_option_of_an_offer_is_tried_beside_what_holds(manage, october, house, finance, mo):
    offer = Offer.objects.create(
        ref="O-1", title="Saturdays", client=finance, provider=house.provider, begun_at=NOON
    )
    described = offering.Described("Saturdays too")
    option = offering.add_option(offer, described, saturdays(), by=mo.actor, at=NOON)

    page = read(manage.get(f"{RUNS}begin/?option={option.pk}"))
    assert "“Saturdays too” beside what holds today" in page
    months = {"source": "0", "first": "2026-10", "last": "2026-10", "option": option.pk}
    manage.post(f"{RUNS}begin/", months)

    assert Replay.objects.get().options.get().name == "Saturdays too"


def test_a_window_is_added_by_one_press_and_htmx_gets_the_results_at_once(manage, run):
    sent = {"window": "sun 09:00-13:00"}
    told = manage.post(at(run, "options", "add"), sent, headers={"HX-Request": "true"})

    page = read(told)
    assert page.startswith('<div id="work"')
    assert "Sunday 09:00–13:00" in page
    assert "Option B is added." in page
    assert run.options.count() == 2


def test_an_option_is_changed_in_boxes(manage, run):
    told = manage.post(at(run, "options", "A"), boxes("A"))

    assert told["Location"] == f"{at(run)}#option-A"
    option = run.options.get()
    assert option.name == "Quicker"
    for line in ('target = "2h"', "share = 0.9", "amount = 400", 'currency = "EUR"'):
        assert line in option.text
    assert "sat =" not in option.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"A-c0-target": "soon"}, "is not a target"),
        ({"A-h0-mon": "8 to 20"}, "is not a window"),
        ({"A-name": ""}, "Give it a name"),
        ({"A-currency": ""}, "Say the currency"),
    ],
)
def test_what_is_wrong_stands_at_its_box_and_nothing_typed_is_lost(manage, run, wrong, sentence):
    before = run.options.get().text

    told = manage.post(at(run, "options", "A"), boxes("A", **{"A-c1-target": "7h", **wrong}))

    assert told.status_code == 422
    page = read(told)
    assert sentence in page
    assert 'value="7h"' in page
    assert run.options.get().text == before


def test_what_holds_today_is_written_as_text(manage, run):
    said = run.present.replace('target = "1h"', 'target = "30m"')
    manage.post(at(run, "today"), {"deed": "text", "today-text-toml": said})
    wrong = manage.post(at(run, "today"), {"deed": "text", "today-text-toml": "no text"})

    run.refresh_from_db()
    assert 'target = "30m"' in run.present
    assert wrong.status_code == 422


def test_with_rates_a_search_finds_options(manage, run):
    refused = manage.post(at(run, "search"), {"share": "50"})
    rates = {"hour": "40", "currency": "EUR", "saturday": "50", "shortest": "4"}
    manage.post(at(run, "rates"), rates)
    told = manage.post(at(run, "search"), {"budget": "90000"}, follow=True)

    assert refused.status_code == 422
    run.refresh_from_db()
    assert 'when = "sat"' in run.rates
    assert told.status_code == 200
    assert run.options.count() > 1
    assert 'value="40"' in read(told)


def test_rates_are_whole_or_taken_away_and_both_are_said(manage, run):
    headers = {"HX-Request": "true"}
    half = manage.post(at(run, "rates"), {"saturday": "50"}, headers=headers)
    none = manage.post(at(run, "rates"), {}, headers=headers)

    assert half.status_code == 422
    assert half["HX-Reswap"] == "outerHTML"
    assert "Say what one hour of one person costs." in read(half)
    assert "HX-Reswap" not in none
    assert "No rates are set now." in read(none)


def test_an_offer_names_the_price_that_was_reckoned_and_the_agreement_that_it_changes(
    manage, october, mail, a7, finance, mo
):
    run = begun(mail, mo, client=finance)
    content = replace(saturdays(), prices=())
    verbs.add_option(run, "Saturdays", content, by=mo.actor, at=NOON)
    verbs.set_terms(run, by=mo.actor, at=NOON, rates='currency = "EUR"\nhour = 40\n')

    page = read(manage.get(at(run, "offer")))
    manage.post(at(run, "offer"), {"title": "Mail", "options": "A"})

    assert 'value="Mail: Saturdays"' in page
    assert f'<option value="{a7.agreement.pk}" selected>' in page
    assert "EUR a month" in read(manage.get(f"/manage/offers/{Offer.objects.get().pk}/"))


def test_without_a_client_the_way_to_one_is_shown(manage, mail, mo):
    run = uploaded(mo, "neutral.csv")
    jobs.work_on_next(lambda: NOON)
    with_saturdays(run, mo)

    page = read(manage.get(at(run, "offer")))

    assert "There is nobody to offer it to yet." in page
    assert "/manage/organisations/add/" in page
    assert 'value="With Saturdays"' in page


def test_the_service_with_most_tickets_is_chosen_first(manage, october, mail, cleo, house, hours):
    archive = add_service(
        by=COMMAND, at=LONG_AGO, name="Archive", provider=house.provider, hours=hours
    )
    make_ticket(cleo, archive, at=SATURDAY)

    assert "Months of Mail that have tickets" in read(manage.get(f"{RUNS}begin/"))


def test_links_to_what_is_folded_away_lead_into_the_fold(manage, run):
    page = read(manage.get(at(run)))
    for name in ("search", "rates", "team"):
        assert f'href="#{name}"' in page
        assert f'<form class="form" id="{name}"' in page


def test_people_are_worked_out_by_the_worker_and_shown(manage, run):
    team = {"when1": "mon-fri 08:00-20:00", "people1": "Ann, Bo", "touch": "20"}
    said = read(manage.post(at(run, "people"), team, follow=True))
    assert "being worked out" in said
    assert manage.get(at(run, "progress"), headers={"HX-Request": "true"}).status_code == 200

    assert jobs.work_on_next(lambda: NOON)

    done = manage.get(at(run, "progress"), headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    page = read(manage.get(at(run)))
    assert "How many people it takes</h2>" in page
    assert 'value="Ann, Bo"' in page
    assert manage.post(at(run, "people"), {"when1": "sometimes"}).status_code == 422


def test_names_of_people_may_hold_any_sign(manage, run):
    people = 'Zoë \N{UNICORN FACE}, "Bo" \\'
    team = {"when1": "mon-fri 08:00-20:00", "people1": people, "touch": "20"}

    assert manage.post(at(run, "people"), team).status_code == 302
    run.refresh_from_db()
    assert "\N{UNICORN FACE}" in run.team


def test_an_export_is_read_by_the_worker_and_read_again_when_it_failed(manage, mail):
    file = SimpleUploadedFile("broken.csv", b"a,b\n1,2\n")
    told = manage.post(f"{RUNS}upload/", {"file": file, "zone": "Europe/Berlin", "today": "later"})
    run = Replay.objects.get()
    assert "The file is being read" in read(manage.get(told["Location"]))
    assert jobs.work_on_next(lambda: NOON)
    assert "The file could not be read" in read(manage.get(at(run)))

    wrong = manage.post(at(run, "again"), {"zone": "Nowhere", "format": ""})
    manage.post(at(run, "again"), {"zone": "Europe/Paris", "format": "jira"})

    assert wrong.status_code == 422
    run.refresh_from_db()
    assert (run.state, run.zone, run.format) == ("reading", "Europe/Paris", "jira")


def test_an_export_without_a_known_rule_asks_first_what_holds_today(manage, mail, mo):
    run = uploaded(mo)
    assert jobs.work_on_next(lambda: NOON)
    assert "Say first what holds today" in read(manage.get(at(run)))

    file = SimpleUploadedFile("none.toml", b"not an agreement")
    sent = {"file": file, "zone": "x", "today": "text", "agreement_file": file}
    assert manage.post(f"{RUNS}upload/", sent).status_code == 422
    assert manage.get(at(run, "today")).status_code == 200


def test_a_page_says_how_a_file_was_read_and_why_no_rule_was_learned(manage, mail, mo):
    bad = b"id,reported,resolved\n1,2026-03-02T10:00Z,2026-03-03T10:00Z\n2,yesterday,\n"
    run = uploaded(mo, data=bad, learns=True)
    assert jobs.work_on_next(lambda: NOON)

    page = read(manage.get(at(run)))

    assert "Read as neutral: it has the columns id, reported, resolved." in page
    assert "1 of 2 rows was left out" in page
    assert "says neither whether a promise was met nor when a ticket was due" in page
    verbs.set_terms(run, by=mo.actor, at=NOON, present=text())
    assert "How the file was read" in read(manage.get(at(run)))


def test_a_page_names_no_option_of_the_command(manage, mail, mo):
    for data in (b"a,b\n1,2\n", "id,reported\n1,J\u00f6rg\n".encode("cp1252"), b"a\0b\n"):
        run = uploaded(mo, data=data)
        assert jobs.work_on_next(lambda: NOON)
        page = read(manage.get(at(run)))
        assert "The file could not be read" in page
        assert "--" not in page.partition("<main")[2].replace("<!--", "")


def test_priorities_of_the_file_are_said_to_be_ours(manage, mail, mo):
    run = uploaded(mo)
    jobs.work_on_next(lambda: NOON)
    verbs.set_terms(run, by=mo.actor, at=NOON, present=text())

    told = manage.post(at(run, "priorities"), {"priority_at": "opened", "p0": "high"})

    run.refresh_from_db()
    assert told.status_code == 302
    assert run.priority_at == "opened"
    assert "high" in run.priorities.values()


def test_an_offer_is_made_of_an_export_for_a_service_of_ours(manage, mail, finance, mo):
    run = uploaded(mo, "neutral.csv")
    jobs.work_on_next(lambda: NOON)
    run.refresh_from_db()
    with_saturdays(run, mo)
    option = run.options.get()
    option.text = option.text.replace('"mail"', '"everything in the log"')
    option.save()

    missing = manage.post(at(run, "offer"), {"title": "Saturdays", "options": "A"})
    sent = {"title": "Saturdays", "options": "A", "client": finance.pk, "service": mail.pk}
    told = manage.post(at(run, "offer"), sent)

    assert missing.status_code == 422
    offer = Offer.objects.get()
    assert told["Location"] == f"/manage/offers/{offer.pk}/"
    assert list(offer.options.get().services.all()) == [mail]
    assert manage.get(told["Location"]).status_code == 200
    assert manage.get(at(run, "offer"))["Location"] == told["Location"]


def test_a_run_is_handed_out_as_a_report_and_as_figures(manage, run):
    report = manage.get(f"{RUNS}{run.key}/report.html")
    figures = manage.get(f"{RUNS}{run.key}/figures.json")

    assert "<!doctype html>" in report.content.decode()
    assert 'filename="mail.html"' in report["Content-Disposition"]
    assert json.loads(figures.content)["tickets"] == 20


def test_a_run_is_kept_and_another_is_forgotten_only_when_it_was_said_twice(manage, run, mail, mo):
    manage.post(at(run, "keep"))
    assert "Change" not in read(manage.get(at(run))).partition('id="options"')[2][:3000]

    other = begun(mail, mo)
    assert "Forget “Mail”?" in read(manage.get(at(other, "discard")))
    assert Replay.objects.count() == 2
    manage.post(at(other, "discard"))
    assert list(Replay.objects.all()) == [run]


def test_who_manages_another_service_does_not_find_it(enter, run, house, hours):
    laptop = add_service(by=COMMAND, at=NOON, name="Laptop", provider=house.provider, hours=hours)
    lou = somebody("Lou", house.provider)
    give_duty(lou, "manage", by=COMMAND, at=SATURDAY, service=laptop)
    browser = enter(lou)

    assert browser.get(at(run)).status_code == 404
    assert browser.post(at(run, "keep")).status_code == 404
    assert run.name not in read(browser.get(RUNS)).partition("<h1>")[2]


def test_a_page_asks_the_database_as_often_whatever_a_run_holds(
    manage, run, mail, mo, django_assert_max_num_queries, django_assert_num_queries
):
    manage.get(at(run))
    with django_assert_max_num_queries(30) as seen:
        manage.get(at(run))
        first = len(seen)
    for n in range(4):
        verbs.add_option(run, f"More {n}", text(), by=mo.actor, at=NOON)
    manage.get(at(run))
    with django_assert_num_queries(first):
        manage.get(at(run))

    with django_assert_max_num_queries(30) as seen:
        manage.get(RUNS)
        listed = len(seen)
    for _ in range(3):
        with_saturdays(begun(mail, mo), mo)
    with django_assert_num_queries(listed):
        manage.get(RUNS)
