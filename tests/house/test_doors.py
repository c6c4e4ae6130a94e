"""Every address of the house, asked by everybody: what is not yours is not there, and never fails.

The addresses come from the resolver, so a new one is walked without a change here; a new kind of
argument in an address has to be given a value in `somebody_elses`.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.core.cache import cache
from django.db import transaction
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from PIL import Image

from tests.cast import A7, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.mail.incoming.arriving import HELP, arrive, letter
from tricorn.agreements import verbs as offering
from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Review
from tricorn.agreements.verbs import Presented, activate, add_action, open_trial, present_work
from tricorn.automation import verbs as automation
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import add_service
from tricorn.engine import rules
from tricorn.engine.agreement import Agreement
from tricorn.engine.questions import Question
from tricorn.engine.recurring import Rhythm
from tricorn.engine.steps import Step
from tricorn.files.models import File
from tricorn.files.verbs import attach_photo
from tricorn.insight.replays import verbs as runs
from tricorn.insight.reviews import prepare_reviews
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.knowledge import verbs as knowledge
from tricorn.knowledge.verbs import Written
from tricorn.mail.models import Letter
from tricorn.notices.models import Notice
from tricorn.parties import verbs as parties
from tricorn.parties.models import Person
from tricorn.parties.verbs import make_token
from tricorn.standing.verbs import give_duty, grant, tally
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import SavedFilter, Tag
from tricorn.web import middleware

SECRET = "Quincunx"  # in whatever was said on Una's ticket and on the visitor's
GUARDED = ("my", "decide", "desk", "manage")
# The doors of each of the cast; who is not named here has none but Report.
DOORS = {
    "una": {"my"},
    "cleo": {"my"},
    "clive": {"my", "decide"},
    "desi": {"desk"},
    "dora": {"desk"},
    "mo": {"manage"},
}
# Desi works at the desk of every service: every ticket there is hers.
EVERY_TICKET = {"desi"}
# The desk's own article is read by whoever works for its service; a picture it has none.
WORKS_FOR_MAIL = {"desi", "mo"}
AN_ARTICLE = {"article", "article-feedback"}
# What counts at a place or signs it is for these, and nobody else.
AT_A_PLACE = {"code": {"desi", "dora", "mo"}, "sign": {"desi", "dora", "mo"}}
TALLY = {"tally", "tally-count", "tally-take-back"}
# What an address of Decide names is another client's here.
DECIDED = {"ref", "review", "work", "offer", "option", "round", "older", "newer", "change", "key"}
# Of the API's addresses those that need no token; to all others a session is nobody (401).
OF_THE_API = {"reference", "document"}
PEOPLE = (None, "sam", "una", "cleo", "clive", "desi", "dora", "mo")


NOTED = rules.Written("reported", (), (rules.Action("add_note", text=SECRET),))


def weekly(service) -> automation.Again:
    """Something that comes again, with the secret in its words."""
    return automation.Again(service, SECRET, Rhythm(NOON.date(), NOON.time(), "Europe/Berlin"))


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its names, and the path with other people's things in it."""

    door: str
    name: str
    path: str
    arguments: frozenset[str]


@pytest.fixture
def dora(house, laptop):
    """Works at the desk, for Laptop alone."""
    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    return person


@pytest.fixture
def laptop(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)


@pytest.fixture
def hers(una, mail, a7):
    """Una's ticket, with a photo and a note of the desk."""
    ticket = make_ticket(una, mail, text=f"{SECRET} is broken")
    with io.BytesIO() as out:
        Image.new("RGB", (8, 8)).save(out, "PNG")
        attach_photo(ticket, out.getvalue(), by=una.actor, at=MONDAY)
    return ticket


@pytest.fixture
def theirs(a7, mail):
    """An agreement of another client: none of the cast is a party to it."""
    ops = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Ops")
    somebody("Otto", ops)
    text = A7.replace("A-7", "B-9").replace('"Finance"', '"Ops"').replace("clive@", "otto@")
    text += '\n[review]\nper = "month"\n'
    return activate(Agreement.from_toml(text, "B-9.toml"), by=COMMAND, at=LONG_AGO).version


@pytest.fixture
def offered(theirs, house):
    """An offer to that other client, with a wish of theirs: the numbers of all that is in it."""
    ops, otto = theirs.agreement.client, Person.objects.get(name="Otto")
    grant(otto, ops, ["sign"], by=COMMAND, at=LONG_AGO)
    offer = offering.begin_offer(ops, house.provider, SECRET, by=COMMAND, at=NOON)
    text = A7[: A7.index("[[signed]]")].replace("2026-05-04", "2026-12-01")
    content = Agreement.from_toml(text, "offer.toml")
    option = offering.add_option(offer, offering.Described(SECRET), content, by=COMMAND, at=NOON)
    offering.make_offer(offer, by=COMMAND, at=NOON)
    wording = option.wordings.get()
    wanted = offering.Wanted("clause", "R2", SECRET)
    change = offering.ask_change(wording, wanted, otto, by=otto.actor, at=NOON)
    numbers = {"offer": offer, "option": option, "round": wording, "change": change}
    return {name: str(row.pk) for name, row in numbers.items()} | {
        "older": str(wording.pk),
        "newer": str(wording.pk),
    }


@pytest.fixture
def tried(theirs, offered):
    """What that other client tried on an export of its own, and keeps to itself."""
    otto = Person.objects.get(name="Otto")
    upload = runs.Upload("export.csv", iter([b"id"]), "UTC")
    given = {"name": SECRET, "client": theirs.agreement.client, "for_client": True}
    run = runs.upload_replay(upload, by=otto.actor, at=NOON, **given)
    run.state = "ready"
    run.save()
    runs.add_option(run, SECRET, content_of(theirs), by=otto.actor, at=NOON)
    return run


@pytest.fixture
def ours(mail, desi, house):
    """An article of the desk's own, at the address that the place has below /at/."""
    given = Written(SECRET, f"{SECRET} step by step", services=(mail,), audience="desk")
    article = knowledge.write(replace(given, slug="reception"), by=desi.actor, at=MONDAY)
    return knowledge.publish(article, by=desi.actor, at=MONDAY)


@pytest.fixture
def cast(una, cleo, clive, desi, dora, mo, sam, mail, laptop, hers, theirs):
    """Everybody, each with a matter of their own that opens My services where it should."""
    make_ticket(cleo, mail, text="Cleo asks")
    make_ticket(clive, mail, text="Clive asks")
    people = (una, cleo, clive, desi, dora, mo, sam)
    return {person.name.casefold(): person for person in people}


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def asked_of_ned(mail):
    """A complaint about Ned, who is asked for his side: none of the cast has a part in it."""
    rita, ned = somebody("Rita"), somebody("Ned")
    verbs.set_reviewer(rita, by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(None, mail, at=MONDAY, text=f"{SECRET} of Ned")
    verbs.name_staff(ticket, [ned], by=COMMAND, at=NOON)
    return verbs.ask_named(ticket, ned, SECRET, by=rita.actor, at=NOON)


@pytest.fixture
def somebody_elses(
    hers, una, mail, hours, mo, finance, reception, theirs, offered, tried, desi, dora, ours
):
    """For each argument that an address may take, a thing that exists and is not the reader's."""
    kept = verbs.save_filter(by=mo.actor, at=NOON, name=SECRET, query="tab=mine")
    use = tally(mail, reception, by=desi.actor, at=NOON)
    noted = verbs.Noted(services=(mail,), began_at=MONDAY)
    outage = verbs.begin_outage(noted, by=desi.actor, at=NOON, ticket=hers)
    described = verbs.Described(SECRET, (mail,))
    problem = verbs.add_problem(described, by=desi.actor, at=NOON, ticket=hers)
    prepare_reviews(NOON, by=COMMAND)
    review = Review.objects.get(agreement=theirs.agreement, period_to="2026-09-30")
    action = add_action(review, "Call them", "client", by=mo.actor, at=NOON)
    hearing = asked_of_ned(mail)
    given = Presented(theirs.agreement.client, mail, "New server")
    otto = Person.objects.get(name="Otto")
    token = make_token(
        otto, by=otto.actor, at=NOON, name=SECRET, scopes=["tickets:read"], days=30
    ).token
    begun = verbs.keep_draft(hers, by=mo.actor, at=NOON, kind="note", text=SECRET)
    return {
        "program": str(token.pk),
        "agreement": theirs.agreement.ref,
        "review": str(review.pk),
        "action": str(action.pk),
        "work": str(present_work(given, by=mo.actor, at=NOON).pk),
        "offer": str(open_trial(mail, 30, by=mo.actor, at=NOON).pk),
        "ref": hers.ref,
        "reviewer": str(hearing.inquiry.reviewer.reviewing.get().pk),
        "hearing": str(hearing.pk),
        "token": "A" * 43,
        "number": str(File.objects.get(subject="ticket").pk),
        **_put_aside(mail),
        "slug": reception.slug,
        "service": str(mail.pk),
        "use": str(use.pk),
        "saved": str(kept.pk),
        "level": str(mail.levels.get().pk),
        "hours": str(hours.pk),
        "person": str(mo.pk),
        "organisation": str(finance.pk),
        "place": str(reception.pk),
        "version": str(theirs.pk),
        "outage": str(outage.pk),
        "article": str(ours.pk),
        "problem": str(problem.pk),
        "key": tried.key,
        "letter": "A",
        "rule": str(automation.add_rule(by=mo.actor, at=NOON, name=SECRET, written=NOTED).pk),
        "recurring": str(automation.add_recurring(weekly(mail), by=mo.actor, at=NOON).pk),
        "name": "on-time",
        "question": add_question(mail, Question("", "Room?"), by=mo.actor, at=NOON).key,
        "checklist": str(
            verbs.keep_checklist(mail, by=mo.actor, at=NOON, name=SECRET, items=[SECRET]).pk
        ),
        "tag": str(Tag.objects.create(name=SECRET, key=SECRET.casefold()).pk),
        "answer": str(verbs.keep_canned(by=mo.actor, at=NOON, name=SECRET, text=SECRET).pk),
        "macro": str(verbs.keep_macro(by=mo.actor, at=NOON, name=SECRET, steps=[Step("take")]).pk),
        "bulk": str(verbs.begin_bulk([hers.pk], Step("take"), by=mo.actor, at=NOON).pk),
        "draft": str(begun.pk),
        "kind": "report",
        "words": "receipt",
        "score": "5",
        "word": "A" * 43,
        "notice": str(_notice(hers, una).pk),
        "mailed": str(_letter(hers).pk),
        "option": "1",
        **offered,
    }


def _put_aside(mail):
    """A mailbox, a letter there that waits to be looked at, and an address out of reach."""
    box = verbs.add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail)
    lost = verbs.note_unreachable("lost@example.org", by=COMMAND, at=LONG_AGO)
    arrival = arrive(letter(None), box)
    return {"mailbox": str(box.pk), "arrival": str(arrival.pk), "unreachable": str(lost.pk)}


def _notice(ticket, una):
    """Una was told of her ticket."""
    line = Line.objects.about("ticket", ticket.pk).earliest("id")
    given = {"capacity": "requester", "about": "answer", "how": "page", "made_at": NOON}
    return Notice.objects.create(person=una, line=line, ticket=ticket, **given)


def _letter(ticket):
    """A letter about this ticket that waits."""
    line = Line.objects.about("ticket", ticket.pk).earliest("id")
    given = {"kind": "receipt", "recipient": "una@example.org", "message_id": "<1@x>"}
    return Letter.objects.create(line=line, ticket=ticket, body=SECRET, made_at=NOON, **given)


@pytest.fixture
def addresses(somebody_elses, theirs):
    """Every address there is."""
    own = {"decide": {"ref": theirs.agreement.ref, "number": str(theirs.number)}}
    return tuple(_walk(get_resolver(), somebody_elses, own))


def _walk(resolver, given, own, door="", route="/") -> Iterator[Address]:
    for each in resolver.url_patterns:
        path = route + str(each.pattern)
        if not isinstance(each, URLPattern):
            yield from _walk(each, given, own, door or each.namespace or "", path)
            continue
        values = {**given, **own.get(door, {})}

        def value(match, values=values, path=path):
            assert match[1] in values, f"{path}: give {match[1]} a value in `somebody_elses`"
            return values[match[1]]

        filled = re.sub(r"<(?:\w+:)?(\w+)>", value, path)
        yield Address(door, each.name or "", filled, frozenset(each.pattern.converters))


def entered(person) -> Client:
    """A browser in which somebody is signed in, that keeps the form's token to itself."""
    client = Client(enforce_csrf_checks=True)
    if person is not None:
        client.force_login(person)
    return client


def token_for(client: Client) -> dict[str, str]:
    """Give the browser the form's cookie, and return the header that goes with it."""
    request = RequestFactory().get("/")
    token = get_token(request)
    client.cookies["tricorn_form"] = request.META["CSRF_COOKIE"]
    return {"X-CSRFToken": token}


def is_open(who: str | None, address: Address) -> bool:
    """Whether this person may find anything here, with somebody else's things in the address."""
    if address.door == "report":
        if address.name in TALLY:
            return who in {"desi", "mo"}
        if address.name in AT_A_PLACE:
            return who in AT_A_PLACE[address.name]
        if address.name in AN_ARTICLE:
            return who in WORKS_FOR_MAIL
        return address.name in {"front", "place", "place-how", "help", "suggest", "questions"}
    if address.door == "api":
        return address.name in OF_THE_API
    if address.door not in GUARDED:
        if address.name.startswith("inquir"):
            return False
        if address.name in {"how", "quiet"}:
            return False
        if "notice" in address.arguments:
            return who == "una"
        if address.name == "ticket":
            return who in {"una"} | EVERY_TICKET
        return address.name not in {"setup", "demo-leave", "demo-enter"}
    if who is None or address.door not in DOORS.get(who, ()):
        return False
    if address.door == "desk" and {"answer", "macro", "bulk"} & address.arguments:
        return False
    if address.door == "desk" and {"ref", "outage", "article", "problem"} & address.arguments:
        return who in EVERY_TICKET
    if address.door == "my" and "ref" in address.arguments:
        return who == "una"
    return not (address.door == "decide" and address.arguments & DECIDED)


def may_read(who: str | None, address: Address) -> bool:
    """Whether the words of Una's ticket may be read here."""
    if who == "una":
        return True
    if who == "mo" and address.door == "manage":
        # She may see the tickets of what she manages, and the offers that she makes.
        hers = ("change", "checklist", "offer", "option", "program", "recurring", "rule", "tag")
        return address.name.startswith((*hers, "service-uncovered"))
    if who in WORKS_FOR_MAIL and address.name in {*AN_ARTICLE, "help", "place", "suggest"}:
        return True
    return who in EVERY_TICKET and address.door in {"desk", "", "manage"}


def what_is_not_yours_is_not_there(client, addresses, who):
    for address in addresses:
        response = client.get(address.path)
        assert response.status_code < 500, address
        if not is_open(who, address):
            is_asked = response.status_code == 302 and "/login/" in response["Location"]
            expected = {401, 404, 405} if address.door == "api" else {404, 405}
            assert response.status_code in expected or (who is None and is_asked), (
                address,
                response.status_code,
            )
        if not may_read(who, address):
            body = b"".join(response) if response.streaming else response.content
            assert SECRET not in body.decode(errors="replace"), address
        if "logout" in address.path and who:
            assert client.session.get("_auth_user_id"), "a GET signed somebody out"


def nobody_acts_on_what_is_not_theirs(client, addresses, who):
    headers = token_for(client)

    for address in addresses:
        if is_open(who, address):
            continue
        before = Line.objects.count()
        response = client.post(
            address.path, {"text": "x", "note": "x", "to": "me"}, headers=headers
        )
        is_asked = response.status_code == 302 and "/login/" in response["Location"]
        expected = {401, 404, 405, 415} if address.door == "api" else {404, 405}
        assert response.status_code in expected or (who is None and is_asked), (
            address,
            response.status_code,
        )
        assert SECRET not in response.content.decode(), address
        assert Line.objects.count() == before, address


def what_another_site_sends_in_your_name_changes_nothing(client, addresses, who):
    for address in addresses:
        before = Line.objects.count()
        response = client.post(
            address.path, {"text": "x"}, headers={"Origin": "http://evil.example"}
        )
        assert response.status_code < 500, address
        if address.door == "report":
            # A report is taken without a cookie; it is held, and never under anybody's name.
            lines = Line.objects.order_by("id")[before:]
            assert all(line.by_kind == "visitor" for line in lines), address
        else:
            expected = {302, 403, 404, 405} | ({401, 415} if address.door == "api" else set())
            assert response.status_code in expected, (address, response.status_code)
            assert Line.objects.count() == before, address


def no_method_and_no_htmx_makes_an_address_fail(client, addresses, who):
    doors = {"", "report"} | DOORS.get(who, set(GUARDED))

    for address in addresses:
        if address.door not in doors:
            continue
        part = client.get(address.path, headers={"HX-Request": "true"})
        assert part.status_code < 500, address
        if address.door in GUARDED and who is None:
            assert (part.status_code, part.get("HX-Refresh")) == (204, "true"), address
        for ask in (client.head, client.put):
            assert ask(address.path).status_code < 500, address


WALKS = {
    what_is_not_yours_is_not_there: PEOPLE,
    nobody_acts_on_what_is_not_theirs: PEOPLE,
    # The check stands before every door: it asks who somebody is no more than what they may do.
    what_another_site_sends_in_your_name_changes_nothing: (None, "clive", "desi"),
    no_method_and_no_htmx_makes_an_address_fail: (None, "una", "clive", "desi", "mo"),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_keeps_its_promises(cast, addresses, who):
    """One house for all walks of a person: building it takes as long as many pages."""
    for walk, people in WALKS.items():
        if who not in people:
            continue
        as_it_was = transaction.savepoint()
        walk(entered(cast[who] if who else None), addresses, who)
        transaction.savepoint_rollback(as_it_was)
        cache.clear()


def test_anothers_photo_does_not_come_through_ones_own_ticket(cast, hers, mail):
    number = File.objects.get().pk
    cleos = make_ticket(cast["cleo"], mail, text="Mine")

    assert entered(cast["una"]).get(f"/my/{hers.ref}/photo/{number}/").status_code == 200
    assert entered(cast["cleo"]).get(f"/my/{cleos.ref}/photo/{number}/").status_code == 404
    assert Client().get(f"/r/{token_of(cleos)}/photo/{number}/").status_code == 404
    assert Client().get(f"/r/{token_of(hers)}/photo/{number}/").status_code == 200


def test_anothers_saved_view_is_not_forgotten(cast, somebody_elses):
    client = entered(cast["desi"])
    headers = token_for(client)

    client.post(f"/desk/filters/{somebody_elses['saved']}/forget/", headers=headers)

    assert SavedFilter.objects.filter(name=SECRET).exists()


@pytest.mark.parametrize("path", ["", "a/A-7/", "a/A-7/v1/", "a/A-7/v1.json", "a/A-7/v1.toml"])
def test_who_decides_reads_no_name_but_those_who_signed(cast, hers, path):
    page = entered(cast["clive"]).get(f"/decide/{path}")

    assert page.status_code == 200
    assert not re.search(r"\b(Una|Cleo|Desi|Dora|Sam|Otto|una|cleo)\b", page.content.decode())


@pytest.mark.parametrize("who", [who for who in PEOPLE if who])
def test_the_doors_that_are_walked_are_those_that_open(cast, who):
    client = entered(cast[who])

    opened = {door for door in GUARDED if client.get(f"/{door}/").status_code == 200}

    assert opened == DOORS.get(who, set())


def test_the_walk_sees_every_door(addresses):
    assert {address.door for address in addresses} == {"", "api", "notices", "report", *GUARDED}
    assert len(addresses) > 80
