"""The box of the queue: fields, words, what is left out, and a sentence for what means nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import COMMAND, HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.parties import verbs as parties
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import queue as reads
from tricorn.tickets.reads.asked import asked
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.missed import missed

ZONE = "Europe/Berlin"


@pytest.fixture
def laptop(house, hours, mail):
    return add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Laptop loans",
        provider=house.provider,
        hours=hours,
        promises=[Promise("resolution", "4h")],
    )


@pytest.fixture
def shelf(desi, mail, laptop, cleo, una, finance, a7, reception):
    """Five tickets: slow, broken, waiting, done, held."""
    tickets = {
        "slow": make_ticket(cleo, mail, text="Mail is slow\nOutlook shows a spinning wheel"),
        "broken": make_ticket(una, laptop, text="Laptop does not charge", at=NOON - HOUR),
        "waits": make_ticket(una, mail, text="Printer in Łódź jams"),
        "done": make_ticket(cleo, mail, text="Forgot my password", at=LONG_AGO),
        "held": verbs.report(
            verbs.Report(service=mail, text="Buy slow mail", held_for="links"),
            by=una.actor,
            at=MONDAY,
        ),
    }
    by = {"by": desi.actor, "at": NOON}
    tickets["waits"] = verbs.wait(tickets["waits"], holder="supplier", **by)
    tickets["done"] = verbs.resolve(tickets["done"], note="Set a new one", **by)
    verbs.assign(tickets["broken"], to=desi, **by)
    verbs.add_note(tickets["slow"], text="The relay overheats", **by)
    Ticket.objects.filter(pk=tickets["slow"].pk).update(
        priority="high", source="jira", source_id="OPS-44"
    )
    return tickets


def found(person, text, *, at=NOON + 4 * HOUR, tab="all"):
    agent = reads.Agent.of(portrait(person.pk, at))
    filters = Filters(tab=tab, text=text)
    meant = asked(text, reads.reader_of(agent, at, ZONE))
    return reads.matching(agent, filters, meant, at), meant.problems


CASES = [
    ("slow", "slow"),
    ("spinning outl", "slow"),
    ("relay", "slow"),  # noted by the desk, read by the desk
    ('"spinning wheel"', "slow"),
    ("-slow", "broken waits"),
    ("lodz", "waits"),
    ("password", ""),
    ("password is:any", "done"),
    ("is:done", "done"),
    ("is:resolved", "done"),
    ("is:closed", ""),
    ("-is:open", "done"),
    ("is:open", "slow broken waits"),
    ("is:new", "slow broken"),
    ("is:waiting", "waits"),
    ("is:late", "slow broken"),
    ("is:mine", "broken"),
    ("is:unassigned", "slow waits"),
    ("-is:unassigned is:open", "broken"),
    ("service:mail", "slow waits"),
    ("service:laptop", "broken"),
    ("service:loans,mail", "slow broken waits"),
    ("-service:mail", "broken"),
    ("kind:inc", "slow broken waits"),
    ("kind:question,praise", ""),
    ("priority:high", "slow"),
    ("from:cleo", "slow"),
    ('from:"Cleo"', "slow"),
    ("from:cleo@example.org is:any", "slow done"),
    ("for:un", "broken waits"),
    ("by:desi", "broken"),
    ("by:me", "broken"),
    ("by:nobody", "slow waits"),
    ("org:finance", "slow"),
    ("waiting:supplier", "waits"),
    ("waiting:us", ""),
    ("waiting:any", "waits"),
    ("due:none", ""),
    ("reported:today", "slow broken waits"),
    ("reported:<4h", ""),
    ("reported:<6h", "broken"),
    ("reported:2026-01 is:any", "done"),
    ("reported:<2026-10-12 is:any", "done"),
    ("changed:<1w", "slow broken waits"),
    ("changed:>1d", ""),
    ("ref:OPS-44", "slow"),
    ("OPS-44", "slow"),
    ("is:open service:mail from:cleo slow", "slow"),
    ("buy", ""),  # a held report is not found
    ("%", ""),
]


def test_the_box_means(shelf, desi):
    names = {ticket.pk: name for name, ticket in shelf.items()}
    meant = {}
    for text, _ in CASES:
        tickets, problems = found(desi, text)
        meant[text] = " ".join(names[each.pk] for each in tickets.order_by("pk"))
        assert problems == ()

    assert meant == dict(CASES)


def test_what_was_not_understood_is_said_and_the_rest_is_found(shelf, desi):
    for text, sentence in {
        "is:lost slow": "is:lost was not understood and left out. There is: open, late, any",
        "due:soon slow": "due:soon was not understood and left out. There is: <2h, >1d",
        "priority:5 slow": "There is: critical, high, low, moderate.",
        "from: slow": "from: wants something behind it: a name",
        "is:held slow": "Held reports have a page of their own",
    }.items():
        tickets, problems = found(desi, text)

        assert [t.pk for t in tickets] == [shelf["slow"].pk]
        assert sentence in problems[0]


def test_a_field_that_nobody_has_is_looked_for_as_words(shelf, desi, una, mail):
    ticket = make_ticket(una, mail, text="Error: 0x80 at boot")

    tickets, problems = found(desi, "error:0x80")

    assert [t.pk for t in tickets] == [ticket.pk]
    assert problems[0].startswith("There is no error: here, so it was looked for as words.")


def test_the_done_tab_finds_every_finished_ticket(shelf, desi):
    tickets, _ = found(desi, "password", tab="done")

    assert [t.pk for t in tickets] == [shelf["done"].pk]


def test_verbs_keep_what_is_found_true(shelf, desi, una):
    by = {"by": desi.actor, "at": NOON + HOUR}
    verbs.cancel(shelf["broken"], **by)
    assert not found(desi, "laptop")[0].exists()
    assert found(desi, "laptop is:done")[0].exists()

    verbs.reopen(shelf["broken"], **by)
    verbs.answer(shelf["broken"], text="Try another Netzteil", **by)
    assert found(desi, "netzteil")[0].exists()

    verbs.release(shelf["held"], **by)
    assert found(desi, "buy")[0].exists()


def test_a_person_is_found_by_the_name_they_have_now(shelf, desi, cleo, finance):
    parties.change_person(cleo, by=COMMAND, at=NOON, name="Chloé Miller")

    assert found(desi, "from:chloe")[0].exists()
    assert not found(desi, "from:cleo")[0].exclude(requester=cleo).exists()
    parties.rename_organisation(finance, by=COMMAND, at=NOON, name="Treasury")
    assert found(desi, "from:treasury")[0].exists()


def test_an_agent_of_one_service_finds_no_other(shelf, house, mail, laptop):
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)

    tickets, _ = found(lea, "is:any service:mail,laptop")
    assert [t.pk for t in tickets] == [shelf["broken"].pk]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["is:", "due:", "from:", "-", '"', ",", "<", "2h", " ", "2026-13", "ref:", "T-", "²", "\0"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_nothing_that_is_typed_ever_fails(desi, text):
    list(found(desi, Filters.from_query({"q": text}).text)[0][:1])
    list(found(desi, text, tab="done")[0][:1])


# What fits nothing


def fits_nothing(person, text):
    agent = reads.Agent.of(portrait(person.pk, NOON))
    reader = reads.reader_of(agent, NOON, ZONE)
    tickets = reads.matching(agent, Filters(), asked("", reader), NOON)
    return [
        (each.sentence, [(near.name, near.text) for near in each.near])
        for each in missed(text, tickets, agent, reader)
    ]


def test_a_filter_that_fits_nothing_is_named_and_near_names_are_offered(shelf, desi):
    assert fits_nothing(desi, "slow service:mial from:cloe is:open") == [
        (
            "service:mial fits nothing here. No service is called so.",
            [("Mail", "slow service:Mail from:cloe is:open")],
        ),
        (
            "from:cloe fits nothing here. Nobody is called so.",
            [(who, f"slow service:mial from:{who} is:open") for who in ("Cleo", "Clive")],
        ),
    ]
    assert fits_nothing(desi, "service:laptpo -by:desi")[0][1] == [
        ("Laptop loans", 'service:"Laptop loans" -by:desi')
    ]


@pytest.mark.parametrize(
    "text", ["from:nobody", "kind:wish", "service:mail,laptop priority:critical"]
)
def test_what_exists_and_fits_nothing_is_only_said(shelf, desi, text):
    typed = text.split()[-1]
    assert fits_nothing(desi, text) == [(f"{typed} fits nothing here.", [])]


def test_a_service_that_one_does_not_serve_is_called_like_none(shelf, laptop, house):
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)

    assert fits_nothing(dora, "service:mail") == [
        ("service:mail fits nothing here. No service is called so.", [])
    ]
