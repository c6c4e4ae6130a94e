"""Activating a signed text: a version in force from its date, with facts, once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.agreements.offering import may
from tests.cast import A7, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.agreements.models import Agreement, Version
from tricorn.agreements.proof import changed_versions
from tricorn.agreements.rehearsal import rehearse
from tricorn.agreements.seals import covered_seals, signature_seal
from tricorn.agreements.verbs import activate
from tricorn.agreements.verbs.activate import Activated
from tricorn.catalogue.verbs import add_service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadAgreement
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.verbs import add_organisation, add_person
from tricorn.standing.models import Fact
from tricorn.standing.verbs import withdraw
from tricorn.tickets import verbs

MAY_4 = datetime(2026, 5, 3, 22, tzinfo=UTC)  # midnight in Berlin
A7_V2 = A7.replace("from = 2026-05-04", "from = 2026-10-12").replace('"8h"', '"4h"')


def put(toml: str, at: datetime = LONG_AGO):
    return activate(text.Agreement.from_toml(toml, "A-7.toml"), by=COMMAND, at=at)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Agreement, Version, Fact, Line))


def test_a_signed_text_is_a_version_in_force_from_its_first_day(mail, clive, finance):
    done = put(A7)

    version = done.version
    assert done.is_new
    assert (str(version), version.from_at, version.to_at) == ("A-7 v1", MAY_4, None)
    assert [clause.name for clause in version.clauses.all()] == ["R1", "R2"]
    assert list(version.services.all()) == [mail]
    assert version.signatures.get().person == clive
    assert version.entitlements.get().funder == finance
    assert text.Agreement.from_toml(A7).hash == version.hash
    assert not Version.objects.in_force(MAY_4 - timedelta(seconds=1)).exists()
    assert Version.objects.in_force(MAY_4).get() == version


def test_it_makes_the_signer_and_the_organisation_parties_to_the_service(a7, clive, finance, mail):
    signed, entitled = Fact.objects.order_by("-kind")

    assert (signed.kind, signed.person, signed.service, signed.since) == (
        "signed",
        clive,
        mail,
        MAY_4,
    )
    assert signed.words == "A-7, signed 4 May 2026"
    assert (entitled.kind, entitled.organisation, entitled.funder) == ("entitled", finance, finance)
    line = Line.objects.get(kind="agreement.activated")
    assert line.data == {
        "version": a7.pk,
        "number": 1,
        "hash": a7.hash,
        "parties": [finance.pk, a7.agreement.provider_id],
        "services": [mail.pk],
        "signers": [clive.pk],
        "covers": covered_seals([a7.pk])[a7.pk],
        "seals": [signature_seal(a7.signatures.get())],
    }


def test_the_same_text_twice_is_once(a7):
    before = counts()

    again = put("# said again\n" + A7, NOON)

    assert (again.version, again.is_new) == (a7, False)
    assert counts() == before


def test_a_text_without_a_signature_is_refused_and_nothing_is_written(mail, clive):
    before = counts()

    with pytest.raises(BadAgreement, match=r"A-7 is not signed. Add \[\[signed\]\]"):
        put(A7.split("[[signed]]")[0])

    assert counts() == before


def test_everything_that_is_not_known_is_named_at_once_and_nothing_is_written(mail, house):
    before = counts()

    with pytest.raises(BadAgreement) as refusal:
        put(A7.replace('["mail"]', '["mail", "Telex"]'))

    assert str(refusal.value) == (
        "A-7 cannot be activated: the service 'Telex' is not known here; "
        "the organisation 'Finance' is not known here; "
        "the person 'clive@example.org' is not known here. "
        "Add what is missing under Manage, or correct the text."
    )
    assert counts() == before


def test_a_name_that_several_bear_is_refused(mail, clive):
    add_person(by=COMMAND, at=LONG_AGO, name="Clive")

    with pytest.raises(BadAgreement, match="the person 'Clive' is the name of several"):
        put(A7.replace("clive@example.org", "Clive"))


def test_names_are_known_in_any_case(mail, clive):
    shouted = A7.replace('"Finance"', '"FINANCE"').replace("clive@", "CLIVE@")

    assert put(shouted).is_new


def test_other_parties_need_another_ref_and_nothing_is_written(a7, house):
    add_organisation(by=COMMAND, at=LONG_AGO, name="Sales")
    before = counts()

    with pytest.raises(BadAgreement) as refusal:
        put(A7.replace('client = "Finance"', 'client = "Sales"'))

    assert str(refusal.value) == (
        "A-7 is an agreement of Finance with House IT. Other parties need a ref of their own."
    )
    assert counts() == before


def test_who_signs_twice_or_is_entitled_twice_is_refused_and_nothing_is_written(mail, clive):
    before = counts()
    twice = A7 + '[[signed]]\nby = "Clive"\non = 2026-05-05\n'
    twice += '[[entitled]]\nperson = "Clive"\n[[entitled]]\nperson = "clive@example.org"\n'

    with pytest.raises(BadAgreement) as refusal:
        put(twice)

    assert "Clive signs more than once; Clive is entitled to Mail more than once." in str(
        refusal.value
    )
    assert counts() == before


def test_a_person_may_be_entitled_to_each_service_by_itself(a7, mail, clive, house, hours):
    add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)
    more = A7.replace('["mail"]', '["mail", "phone"]').replace(
        "from = 2026-05-04", "from = 2026-06-01"
    )
    for service in ("mail", "phone"):
        more += f'[[entitled]]\nperson = "Clive"\nservices = ["{service}"]\n'

    version = put(more).version

    assert version.entitlements.filter(scope="person").count() == 2


@pytest.mark.parametrize("day", ["2026-05-04", "2026-05-03"])
def test_two_versions_are_never_in_force_on_one_day(a7, day):
    before = counts()

    with pytest.raises(BadAgreement, match="let this one begin on 5 May 2026 or later"):
        put(A7_V2.replace("2026-10-12", day))
    assert counts() == before


def test_the_same_text_again_is_once_also_when_a_newer_version_came_since(a7):
    put(A7_V2)

    assert put(A7) == Activated(a7, is_new=False)


def test_a_ref_that_differs_in_case_alone_is_refused_and_nothing_written(a7):
    before = counts()

    with pytest.raises(BadAgreement, match="a-7 reads like A-7, another agreement"):
        put(A7.replace("A-7", "a-7"))

    assert counts() == before


def test_a_version_in_another_currency_is_refused_and_nothing_is_written(a7):
    before = counts()

    with pytest.raises(BadAgreement) as refusal:
        put(A7_V2.replace('"EUR"', '"CHF"'))

    assert str(refusal.value) == (
        "A-7 v1 has prices in EUR, this text in CHF. "
        "Keep the currency, or agree under a ref of its own."
    )
    assert counts() == before


def test_only_a_text_that_moves_running_clocks_says_so_in_its_line(a7):
    put(A7_V2.replace("[parties]", 'running = "move"\n\n[parties]'))

    first, second = Line.objects.filter(kind="agreement.activated").order_by("id")
    assert "moves" not in first.data
    assert second.data["moves"] is True


def test_a_text_signed_without_authority_is_refused_once_authority_is_granted(
    mail, clive, cleo, finance
):
    may(cleo, finance, "sign")
    before = counts()

    with pytest.raises(BadAgreement, match="Only Cleo can sign for Finance"):
        put(A7, NOON)
    assert counts() == before


def test_an_old_text_is_judged_by_the_authority_that_was_granted_since(mail, clive, cleo, finance):
    may(clive, finance, "sign", at=NOON)

    with pytest.raises(BadAgreement, match="Clive can sign for Finance"):
        put(A7.replace("clive@", "cleo@"), NOON)
    assert put(A7, NOON).version.signatures.get().authority.person == clive


def test_a_text_signed_above_the_limit_is_refused(mail, clive, finance):
    may(clive, finance, "sign", up_to=Decimal(10000), currency="EUR")

    with pytest.raises(BadAgreement, match="10,000 EUR"):
        put(A7, NOON)


def test_what_was_signed_before_a_withdrawal_still_holds(mail, clive, finance, mo):
    may(clive, finance, "sign")
    withdraw(clive.authorities.get(), by=mo.actor, at=NOON)

    assert put(A7, NOON + timedelta(days=1)).version.signatures.get().authority is not None
    with pytest.raises(BadAgreement, match="withdrawn"):
        put(A7_V2.replace("on = 2026-05-04", "on = 2026-10-13"), NOON + timedelta(days=1))


def test_who_signs_for_the_provider_is_no_client(mail, clive, mo):
    put(A7 + '[[signed]]\nby = "Mo"\ncapacity = "Head of IT"\non = 2026-05-04\n')

    assert [fact.person for fact in Fact.objects.filter(kind="signed")] == [clive]


def test_who_signs_for_a_team_of_the_provider_is_no_client(mail, clive, house):
    team = add_organisation(by=COMMAND, at=LONG_AGO, name="Mail team", parent=house.provider)
    somebody("Tess", team)

    put(A7 + '[[signed]]\nby = "Tess"\non = 2026-05-04\n')

    assert [fact.person for fact in Fact.objects.filter(kind="signed")] == [clive]


def test_a_new_version_holds_from_its_date_and_earlier_tickets_keep_the_old_one(
    a7, cleo, mail, desi
):
    before = make_ticket(cleo, mail, at=MONDAY - timedelta(days=3))

    second = put(A7_V2).version
    after = make_ticket(cleo, mail, at=MONDAY)
    verbs.prioritise(before, by=desi.actor, at=NOON, priority="high")

    before.refresh_from_db()
    assert (str(second), after.version, before.version) == ("A-7 v2", second, a7)
    assert {clock.clause.version for clock in before.clocks.all()} == {a7}
    assert Version.objects.in_force(second.from_at).get() == second
    assert Version.objects.in_force(second.from_at - timedelta(seconds=1)).get() == a7


def test_a_version_written_back_in_time_does_not_take_tickets_that_run_already(
    a7, cleo, mail, desi
):
    ticket = make_ticket(cleo, mail, at=MONDAY)
    put(A7_V2.replace("2026-10-12", "2026-06-01"), NOON)

    verbs.prioritise(ticket, by=desi.actor, at=NOON, priority="critical")

    ticket.refresh_from_db()
    assert ticket.version == a7
    assert {clock.clause.version for clock in ticket.clocks.all()} == {a7}


def test_what_the_old_version_made_true_ends_where_the_new_one_begins(a7, clive, mail):
    second = put(A7_V2.replace("[[entitled]]\n", "[[entitled]]\nbelow = false\n")).version

    facts = Fact.objects.filter(kind="entitled").order_by("since")
    assert [(fact.since, fact.until, fact.includes_below) for fact in facts] == [
        (a7.from_at, second.from_at, True),
        (second.from_at, None, False),
    ]


def test_an_agreement_that_has_ended_covers_nobody(mail, clive, cleo, finance):
    put(A7.replace("from = 2026-05-04", "from = 2026-05-04\nto = 2026-10-11"))

    last = make_ticket(cleo, mail, at=datetime(2026, 10, 11, 21, 59, 59, tzinfo=UTC))
    late = make_ticket(cleo, mail, at=datetime(2026, 10, 11, 22, tzinfo=UTC), text="Again")

    assert (str(last.version), late.version) == ("A-7 v1", None)


def test_an_agreement_that_has_not_begun_covers_nobody(mail, clive, cleo, finance):
    put(A7.replace("2026-05-04", "2026-10-12"))

    early = make_ticket(cleo, mail, at=datetime(2026, 10, 11, 21, 59, 59, tzinfo=UTC))
    first = make_ticket(cleo, mail, at=datetime(2026, 10, 11, 22, tzinfo=UTC), text="Again")

    assert (early.version, str(first.version)) == (None, "A-7 v1")


def test_its_days_begin_and_end_at_midnight_of_its_zone_on_both_sides_of_the_clock_change(
    mail, clive
):
    version = put(A7.replace("from = 2026-05-04", "from = 2026-03-29\nto = 2026-10-25")).version

    assert version.from_at == datetime(2026, 3, 28, 23, tzinfo=UTC)  # one hour ahead in winter
    assert version.to_at == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_rehearsal_says_what_would_be_and_keeps_nothing_of_it(a7):
    before = counts()

    would = rehearse(text.Agreement.from_toml(A7_V2), by=COMMAND, at=NOON)

    assert (would.number, would.is_new, would.signers, would.supersedes) == (
        2,
        True,
        ("Clive",),
        "A-7 v1",
    )
    assert counts() == before


def test_what_only_the_provider_signed_is_no_agreement(mail, clive, desi, finance):
    before = counts()

    with pytest.raises(BadAgreement) as refusal:
        put(A7.replace('by = "clive@example.org"', 'by = "desi@example.org"'))

    assert str(refusal.value) == (
        "A-7 is signed by House IT alone. Somebody of Finance has to sign it too."
    )
    assert counts() == before


def test_two_signers_whom_nobody_knows_are_not_the_same_person_twice(mail, finance):
    signed = '[[signed]]\nby = "nobody@example.org"\ncapacity = "Deputy"\non = 2026-05-04\n'

    with pytest.raises(BadAgreement) as refused:
        put(A7 + signed)

    assert "the person 'nobody@example.org' is not known here" in str(refused.value)
    assert "more than once" not in str(refused.value)


def test_a_text_may_cover_everyone_which_is_a_fact_about_nobody(mail, clive, finance):
    version = put(A7 + "[[entitled]]\neveryone = true\n").version

    everyone = version.entitlements.get(scope="everyone")
    assert (everyone.person, everyone.organisation, everyone.place) == (None, None, None)
    assert (everyone.funder, everyone.includes_below) == (finance, False)
    assert list(everyone.services.all()) == [mail]
    assert Fact.objects.get(kind="entitled").organisation == finance
    assert list(changed_versions()) == []


def test_everyone_is_covered_once_for_a_service(mail, clive):
    before = counts()

    with pytest.raises(BadAgreement, match="everyone is entitled to Mail more than once"):
        put(A7 + "[[entitled]]\neveryone = true\n[[entitled]]\neveryone = true\n")

    assert counts() == before
