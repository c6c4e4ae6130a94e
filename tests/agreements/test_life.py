"""Random lives of agreements: whatever happens in whatever order, what was promised stays true."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F

from tests.agreements.offering import may, text
from tests.cast import LONG_AGO, MONDAY, make_ticket
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Agreement, ChangeAsked, Offer, Version, Wording
from tricorn.agreements.offer_proof import changed_offers
from tricorn.agreements.proof import changed_versions
from tricorn.agreements.verbs import Described, Wanted
from tricorn.engine.errors import Refusal
from tricorn.standing.models import Authority
from tricorn.standing.verbs import give_duty, go_away, set_quorum, withdraw
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Clock, Ticket

STEPS = 90
TARGETS = ("2h", "4h", "8h", "16h", "2d")


class Life:
    """One house in which things happen at random, and what was seen of it on the way."""

    def __init__(self, seed, house, finance, mail, people):
        self.chance = random.Random(seed)
        self.house, self.finance, self.mail, self.people = house, finance, mail, people
        self.now = MONDAY
        self.refused = 0
        self.texts = {}
        self.deeds = {
            self.offer: 2,
            self.add: 1,
            self.ask: 2,
            self.answer: 4,
            self.propose: 2,
            self.accept: 4,
            self.decline: 0.5,
            self.sign: 16,
            self.sign_wrongly: 1,
            self.withdraw_offer: 0.5,
            self.grant: 2,
            self.withdraw_authority: 1,
            self.leave: 0.5,
            self.two_of_two: 0.5,
            self.wait_a_while: 3,
            self.raise_ticket: 4,
            self.pause: 3,
            self.end_a_pause: 2,
            self.resolve: 1,
            self.prioritise: 1,
        }
        self.moves_clocks = {
            self.raise_ticket,
            self.pause,
            self.end_a_pause,
            self.resolve,
            self.prioritise,
        }

    def step(self):
        """Let one thing happen, allowed or refused; a refusal is the only error there may be."""
        deed = self.chance.choices([*self.deeds], [*self.deeds.values()])[0]
        clocks = list(Clock.objects.order_by("id").values())
        try:
            deed()
        except Refusal:
            self.refused += 1
        if deed not in self.moves_clocks:
            assert list(Clock.objects.order_by("id").values()) == clocks, deed.__name__

    def one(self, rows):
        """One row of a query at random; none is as good as a refusal."""
        found = list(rows)
        if not found:
            raise Refusal("There is none.")
        return self.chance.choice(found)

    def somebody(self):
        return self.chance.choices(self.people, [5, 2, 1, 5])[0]

    def content(self):
        begins = self.now.date() + timedelta(days=self.chance.randint(1, 12))
        ends = begins + timedelta(days=20) if self.chance.random() < 0.3 else None
        target = self.chance.choice(TARGETS)
        return replace(text(target=target), from_on=begins, to_on=ends)

    def offer(self):
        known = self.chance.choice([None, *Agreement.objects.all()])
        offer = verbs.begin_offer(
            self.finance,
            self.house.provider,
            "Mail",
            by=self.mo.actor,
            at=self.now,
            agreement=known,
        )
        for name in ("Plain", "More")[: self.chance.randint(1, 2)]:
            verbs.add_option(offer, Described(name), self.content(), by=self.mo.actor, at=self.now)
        verbs.make_offer(offer, by=self.mo.actor, at=self.now)

    @property
    def mo(self):
        return self.people[-1]

    def any_offer(self):
        return self.one(Offer.objects.unsettled())

    def wording(self):
        return self.one(Wording.objects.order_by("-id")[:4])

    def add(self):
        verbs.add_option(
            self.any_offer(), Described("Third"), self.content(), by=self.mo.actor, at=self.now
        )

    def ask(self):
        who = self.somebody()
        wanted = Wanted("clause", "R2", "Sooner.", "target", self.chance.choice(TARGETS))
        verbs.ask_change(self.wording(), wanted, who, by=who.actor, at=self.now)

    def answer(self):
        change = self.one(ChangeAsked.objects.filter(state="open"))
        if self.chance.random() < 0.7:
            verbs.take_change(change, by=self.mo.actor, at=self.now)
        else:
            verbs.refuse_change(change, by=self.mo.actor, at=self.now, answer="No.")

    def propose(self):
        option = self.one(self.any_offer().options.all())
        verbs.propose(option, by=self.mo.actor, at=self.now)

    def accept(self):
        who = self.somebody()
        verbs.accept(self.wording(), who, by=who.actor, at=self.now)

    def decline(self):
        who = self.somebody()
        option = self.one(self.any_offer().options.all())
        verbs.decline(option, who, by=who.actor, at=self.now, reason="Too dear.")

    def sign(self):
        who = self.somebody()
        agreed = Wording.objects.filter(option__state="accepted", option__offer__state="agreed")
        wording = self.one(agreed) if self.chance.random() < 0.8 else self.wording()
        code = code_of(verbs.send_code(wording, who, by=who.actor, at=self.now))
        self.now += timedelta(minutes=self.chance.choice([1, 1, 1, 20]))
        verbs.sign(wording, who, code=code, by=who.actor, at=self.now)

    def sign_wrongly(self):
        who = self.somebody()
        verbs.sign(self.wording(), who, code="000000", by=who.actor, at=self.now)

    def withdraw_offer(self):
        verbs.withdraw_offer(self.any_offer(), by=self.mo.actor, at=self.now)

    def grant(self):
        until = self.now + timedelta(days=5) if self.chance.random() < 0.3 else None
        may(self.chance.choice(self.people[:3]), self.finance, at=self.now, until=until)

    def withdraw_authority(self):
        withdraw(self.one(Authority.objects.at(self.now)), by=self.mo.actor, at=self.now)

    def leave(self):
        who, deputy = self.chance.sample(self.people, 2)
        until = self.now + timedelta(days=2)
        go_away(who, by=who.actor, at=self.now, until=until, deputy=deputy)

    def two_of_two(self):
        needed = self.chance.randint(1, 2)
        set_quorum(self.finance, "sign", needed, by=self.mo.actor, at=self.now)

    def wait_a_while(self):
        self.now += timedelta(hours=self.chance.choice([1, 2, 5, 24]))

    def raise_ticket(self):
        make_ticket(self.somebody(), self.mail, at=self.now)

    def any_ticket(self):
        return self.one(Ticket.objects.order_by("id"))

    def pause(self):
        holder = self.chance.choice(["customer", "client", "supplier"])
        tickets.wait(self.any_ticket(), by=self.mo.actor, at=self.now, holder=holder)

    def end_a_pause(self):
        tickets.go_on(self.any_ticket(), by=self.mo.actor, at=self.now)

    def resolve(self):
        tickets.resolve(self.any_ticket(), by=self.mo.actor, at=self.now, note="Done.")

    def prioritise(self):
        tickets.prioritise(self.any_ticket(), by=self.mo.actor, at=self.now, priority="high")

    def check(self):
        """See that nothing of what must always hold has been lost."""
        assert not Clock.objects.filter(clause=None, target=None).exists()
        under = Clock.objects.filter(clause__isnull=False)
        assert not under.exclude(clause__version=F("ticket__version")).exists()
        assert not under.filter(clause__version__from_at__gt=F("ticket__reported_at")).exists()
        assert not under.filter(clause__version__to_at__lte=F("ticket__reported_at")).exists()
        for version in Version.objects.prefetch_related("signatures__authority"):
            self.check_signatures(version)
            self.unaltered("version", version)
        for wording in Wording.objects.all():
            self.unaltered("wording", wording)
        for moment in (self.now, self.now + timedelta(days=7)):
            force = Version.objects.in_force(moment).values_list("agreement", flat=True)
            assert len(set(force)) == len(list(force))

    def check_signatures(self, version):
        signatures = list(version.signatures.all())
        sides = {
            side
            for (side,) in version.offer.options.get(state="accepted")
            .wordings.order_by("-number")[0]
            .assents.values_list("side")
        }
        assert sides == {"client", "provider"}
        for signature in signatures:
            authority = signature.authority
            if authority is None:
                assert signature.person == self.mo or signature.acting_for == self.mo
            else:
                assert authority.since <= signature.recorded_at
                assert authority.until is None or signature.recorded_at < authority.until
                assert authority.person in (signature.person, signature.acting_for)

    def unaltered(self, what, row):
        assert self.texts.setdefault((what, row.pk), (row.text, row.hash)) == (row.text, row.hash)


@pytest.mark.parametrize("seed", range(10))
def test_no_order_of_deeds_breaks_what_was_promised(
    seed, house, finance, mail, clive, cleo, sam, mo
):
    may(clive, finance, at=LONG_AGO)
    give_duty(mo, "desk", by=mo.actor, at=LONG_AGO)
    life = Life(seed, house, finance, mail, [clive, cleo, sam, mo])
    for _ in range(STEPS):
        life.step()
        life.check()

    assert list(changed_versions()) == list(changed_offers()) == []


def test_the_random_lives_are_lives(house, finance, mail, clive, cleo, sam, mo):
    may(clive, finance, at=LONG_AGO)
    give_duty(mo, "desk", by=mo.actor, at=LONG_AGO)
    life = Life(1, house, finance, mail, [clive, cleo, sam, mo])
    for _ in range(6 * STEPS):
        life.step()

    assert Version.objects.count() >= 2, "agreements do come about"
    assert Ticket.objects.filter(version__isnull=False).exists(), "and tickets run by them"
    assert life.refused >= 50
    assert life.now > datetime(2026, 10, 20, tzinfo=UTC)
    assert date(2026, 10, 12) < life.now.date()
