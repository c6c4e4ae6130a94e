"""Signing: by whom, with which proof; with the last signature the text is a version."""

import hashlib
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tests.agreements.offering import MINUTE, latest, may, offered, sign
from tests.cast import HOUR, LONG_AGO, NOON, make_ticket, somebody
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Assent, Offer, SigningCode, Version
from tricorn.agreements.offer_proof import changed_offers
from tricorn.agreements.proof import changed_versions
from tricorn.engine.errors import BadInput, MoveRefused, Refusal, StandingRefused
from tricorn.files.models import File
from tricorn.journal import triggers
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.verbs import add_organisation
from tricorn.standing.models import Fact
from tricorn.standing.verbs import go_away, record_fact, set_quorum, withdraw
from tricorn.tickets.models import Clock

PDF = b"%PDF-1.4 signed by hand"


@pytest.fixture
def wording(house, finance, mail, mo, clive):
    """Option A as Clive accepted it: to be signed by him and by Mo."""
    may(clive, finance)
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    return latest(offer)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Assent, Version, Line))


def test_with_the_second_sides_signature_the_text_is_a_version(wording, clive, mo, mail, finance):
    first = sign(wording, clive)
    assert first.version is None
    last = sign(wording, mo)

    version = last.version
    offer = Offer.objects.get()
    assert (offer.state, offer.version) == ("signed", version)
    assert str(version) == "A-1 v1"
    assert [str(each.person) for each in version.signatures.all()] == ["Clive", "Mo"]
    assert [each.method for each in version.signatures.all()] == ["code", "code"]
    version.refresh_from_db()
    assert version.from_at == datetime(2026, 10, 12, 22, tzinfo=UTC), "midnight in Berlin"
    tomorrow = make_ticket(clive, mail, at=NOON + timedelta(days=1))
    assert {clock.clause.version for clock in tomorrow.clocks.all()} == {version}
    assert make_ticket(clive, mail, at=NOON).version is None, "today it does not hold yet"
    assert list(changed_versions()) == list(changed_offers()) == []


def test_who_signed_what_when_with_which_authority_is_one_query(
    wording, clive, mo, mail, django_assert_num_queries
):
    sign(wording, clive)
    sign(wording, mo)
    make_ticket(clive, mail, at=NOON + timedelta(days=1))

    with django_assert_num_queries(1):
        rows = set(
            Clock.objects.filter(clause__isnull=False).values_list(
                "clause__name",
                "clause__version__number",
                "clause__version__signatures__person__name",
                "clause__version__signatures__recorded_at",
                "clause__version__signatures__authority__may",
            )
        )

    assert ("R1", 1, "Clive", NOON + MINUTE, "sign") in rows


def test_the_text_that_was_signed_says_how_and_when_with_the_head_of_the_journal(wording, clive):
    assent = sign(wording, clive).assent

    assert (assent.hash, assent.method, assent.side) == (wording.hash, "code", "client")
    line = Line.objects.get(kind="offer.signed")
    assert (line.data["hash"], line.data["head"]) == (wording.hash, assent.head)


def test_signing_without_authority_says_whose_signature_is_needed(wording, cleo, sam):
    before = counts()
    for each in (cleo, sam):
        with pytest.raises(StandingRefused, match="Clive"):
            verbs.send_code(wording, each, by=each.actor, at=NOON)
    assert counts() == before


def test_above_the_limit_somebody_else_has_to_sign(house, finance, mail, mo, clive, cleo):
    may(clive, finance, "decide", "sign")
    may(cleo, finance, "sign", up_to=Decimal(1000), currency="EUR")
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)

    with pytest.raises(StandingRefused, match="1,000 EUR") as refused:
        verbs.send_code(latest(offer), cleo, by=cleo.actor, at=NOON)
    assert "Clive" in str(refused.value)


def test_after_withdrawal_the_code_signs_nothing(wording, clive, mo):
    code = code_of(verbs.send_code(wording, clive, by=clive.actor, at=NOON))
    for authority in clive.authorities.all():
        withdraw(authority, by=mo.actor, at=NOON + MINUTE)
    before = counts()

    with pytest.raises(StandingRefused, match="withdrawn"):
        verbs.sign(wording, clive, code=code, by=clive.actor, at=NOON + 2 * MINUTE)
    assert counts() == before


def test_signing_twice_is_refused(wording, clive):
    sign(wording, clive)
    before = counts()

    with pytest.raises(MoveRefused, match="Clive has signed this already"):
        sign(wording, clive, at=NOON + HOUR)
    assert counts()[0] == before[0]


def test_a_wrong_code_is_counted_and_after_five_none_holds(wording, clive):
    code = code_of(verbs.send_code(wording, clive, by=clive.actor, at=NOON))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(BadInput, match="not the code that was sent"):
            verbs.sign(wording, clive, code=wrong, by=clive.actor, at=NOON)

    with pytest.raises(BadInput, match="no code that still holds"):
        verbs.sign(wording, clive, code=code, by=clive.actor, at=NOON)
    assert not Assent.objects.exists()


def test_a_code_lasts_a_quarter_of_an_hour_and_signs_once(wording, clive):
    code = code_of(verbs.send_code(wording, clive, by=clive.actor, at=NOON))
    with pytest.raises(BadInput, match="no code that still holds"):
        verbs.sign(wording, clive, code=code, by=clive.actor, at=NOON + timedelta(minutes=15))

    verbs.sign(wording, clive, code=f" {code[:3]} {code[3:]} ", by=clive.actor, at=NOON)
    with pytest.raises(BadInput, match="no code that still holds"):
        verbs.sign(wording, clive, code=code, by=clive.actor, at=NOON)


def test_codes_are_not_sent_without_end(wording, clive):
    verbs.send_code(wording, clive, by=clive.actor, at=NOON)
    with pytest.raises(BadInput, match="on its way"):
        verbs.send_code(wording, clive, by=clive.actor, at=NOON)
    for minute in range(1, 6):
        verbs.send_code(wording, clive, by=clive.actor, at=NOON + minute * MINUTE)
    with pytest.raises(BadInput, match="Too many codes"):
        verbs.send_code(wording, clive, by=clive.actor, at=NOON + 7 * MINUTE)
    assert "nonce" not in str(Line.objects.filter(kind="offer.code_sent").values("data"))


def test_the_code_of_one_is_not_the_code_of_another(wording, clive, mo):
    verbs.send_code(wording, mo, by=mo.actor, at=NOON)
    mine = code_of(SigningCode.objects.get())

    with pytest.raises(BadInput, match="no code that still holds"):
        verbs.sign(wording, clive, code=mine, by=clive.actor, at=NOON)
    with pytest.raises(StandingRefused, match="themselves"):
        verbs.sign(wording, mo, code=mine, by=clive.actor, at=NOON)


def test_a_round_that_was_not_accepted_is_not_signed(house, finance, mail, mo, clive):
    may(clive, finance)
    offer = offered(house, finance, mo)
    with pytest.raises(MoveRefused, match="accepted"):
        verbs.send_code(latest(offer), clive, by=clive.actor, at=NOON)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    with pytest.raises(MoveRefused, match="declined"):
        verbs.send_code(latest(offer, "B"), clive, by=clive.actor, at=NOON)


def test_a_text_whose_first_day_is_over_is_not_signed_any_more(wording, clive):
    before = counts()
    with pytest.raises(BadInput, match="which is over"):
        sign(wording, clive, at=NOON + timedelta(days=3))
    assert counts()[:2] == before[:2]


def test_two_of_two_have_to_sign_where_the_client_says_so(house, finance, mail, mo, clive, cleo):
    for each in (clive, cleo):
        may(each, finance)
    set_quorum(finance, "sign", 2, by=mo.actor, at=LONG_AGO)
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    wording = latest(offer)

    assert sign(wording, mo).version is None
    assert sign(wording, clive).version is None
    assert sign(wording, cleo).version is not None


def test_a_deputy_signs_for_who_is_away(wording, clive, cleo, mo):
    go_away(clive, by=clive.actor, at=NOON, since=NOON, until=NOON + timedelta(days=7), deputy=cleo)

    assent = sign(wording, cleo, at=NOON + HOUR).assent

    assert (assent.person, assent.acting_for) == (cleo, clive)
    version = sign(wording, mo, at=NOON + HOUR).version
    assert "Clive" in version.text
    assert list(changed_versions()) == []


def test_the_line_manager_of_an_internal_provider_approves_for_the_client(house, finance, mail, mo):
    """Nobody holds an authority; client and provider are one house."""
    root = add_organisation(by=COMMAND, at=LONG_AGO, name="Acme")
    for each in (finance, house.provider):
        move_under(each, root)
    lena = somebody("Lena", house.provider)
    record_fact(lena, "linemgr", by=COMMAND, at=LONG_AGO, words="Heads IT", service=mail)
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), lena, by=lena.actor, at=NOON)
    sign(latest(offer), lena)

    version = sign(latest(offer), mo).version

    assert [each.capacity for each in version.signatures.all()] == ["line manager", "manager"]
    assert Fact.objects.get(kind="signed").person == lena


def move_under(organisation, root):
    organisation.parent, organisation.path = root, f"{root.path}{organisation.pk}/"
    organisation.save()


def test_a_paper_that_was_signed_by_hand_is_attached(wording, clive, mo, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    signing = verbs.sign_on_paper(
        wording, clive, PDF, name="signed.pdf", on=date(2026, 10, 12), by=mo.actor, at=NOON
    )

    assert signing.assent.method == "paper"
    assert [path.read_bytes() for path in tmp_path.glob("*/*.pdf")] == [PDF]
    assert sign(wording, mo).version is not None


def test_a_signed_paper_that_was_exchanged_or_lost_is_named(wording, clive, mo, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    verbs.sign_on_paper(wording, clive, PDF, name="a.pdf", on=NOON.date(), by=mo.actor, at=NOON)
    assert list(changed_offers()) == []
    row, (path,) = File.objects.get(), tmp_path.glob("*/*.pdf")

    path.write_bytes(b"%PDF-1.4 another hand")
    assert list(changed_offers()) == [f"The signed paper {row.pk} is not what was attached."]
    File.objects.update(sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert list(changed_offers()) == [f"The signed paper {row.pk} is not what was attached."]
    File.objects.all().delete()
    assert list(changed_offers()) == [f"The signed paper {row.pk} that the journal saw is gone."]


@pytest.mark.parametrize("on", [date(2026, 10, 1), date(2026, 10, 13)])
def test_a_paper_of_another_day_is_refused(wording, clive, mo, on):
    with pytest.raises(BadInput, match="between the day of this round and today"):
        verbs.sign_on_paper(wording, clive, PDF, name="a.pdf", on=on, by=mo.actor, at=NOON)


def test_a_paper_signed_before_its_signer_had_authority_is_refused(wording, mo, finance):
    late = somebody("Late Lee", finance)
    may(late, finance, at=NOON)
    before = counts()

    with pytest.raises(StandingRefused) as refusal:
        verbs.sign_on_paper(
            wording, late, PDF, name="a.pdf", on=date(2026, 10, 11), by=mo.actor, at=NOON
        )

    assert str(refusal.value) == (
        "On 11 October 2026, the day on the paper, Late Lee could not sign this for Finance; "
        "Clive could. Attach a paper signed by who may."
    )
    assert counts() == before


def test_who_may_sign_for_both_sides_signs_for_the_one_that_waits(wording, house, clive, cleo, mo):
    may(cleo, house.provider)
    may(cleo, wording.option.offer.client)
    sign(wording, clive)

    signing = sign(wording, cleo)

    assert signing.assent.side == "provider"
    assert signing.version is not None


def test_nobody_signs_for_both_sides(wording, house, clive):
    may(clive, house.provider)
    sign(wording, clive)
    before = counts()

    with pytest.raises(MoveRefused, match="Once is enough: beside Finance somebody else signs"):
        verbs.sign_on_paper(
            wording, clive, PDF, name="a.pdf", on=NOON.date(), by=clive.actor, at=NOON
        )
    assert counts() == before


def test_a_changed_row_of_an_offer_is_named(house, finance, mail, mo, clive, cleo):
    may(clive, finance)
    offer = offered(house, finance, mo)
    faster = verbs.Wanted("clause", "R2", "A day is long.", "target", "4h")
    change = verbs.ask_change(latest(offer), faster, clive, by=clive.actor, at=NOON)
    verbs.refuse_change(change, by=mo.actor, at=NOON, answer="Not at this price.")
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    assent = sign(latest(offer), clive).assent
    changes = {
        "UPDATE agreements_wording SET text = '{}'": "is not what was offered",
        "UPDATE agreements_wording SET number = 7": "another number or hash",
        f"UPDATE agreements_assent SET person_id = {cleo.pk}": "The signature of Cleo",
        "UPDATE agreements_assent SET capacity = 'King'": "The signature of Clive",
        "DELETE FROM agreements_assent": f"Signature {assent.pk} that the journal saw is gone",
        "UPDATE agreements_assent SET at = '2026-01-01'": "The signature of Clive",
        "UPDATE agreements_option SET reason = 'Too dear.' WHERE letter = 'B'": "was declined is",
        "UPDATE agreements_option SET name = 'Sundays' WHERE letter = 'B'": "as it was declined",
        f"UPDATE agreements_option SET answered_by_id = {mo.pk} WHERE letter = 'B'": "as it was",
        "UPDATE agreements_option SET state = 'withdrawn' WHERE letter = 'B'": "was answered is",
        "UPDATE agreements_changeasked SET value = '16h'": "is not what was asked",
        f"UPDATE agreements_changeasked SET asked_by_id = {cleo.pk}": "is not what was asked",
        "UPDATE agreements_changeasked SET state = 'open'": "is not what the journal saw",
        "UPDATE agreements_changeasked SET answer = 'Never.'": "The answer to change",
        "DELETE FROM agreements_changeasked": f"Change {change.pk} that the journal saw",
        f"UPDATE agreements_offer SET client_id = {house.provider.pk}": "is between others",
        "UPDATE agreements_wording SET at = '2026-01-01'": "was offered at another moment",
    }
    for statement, sentence in changes.items():
        with triggers.suspended(connection), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before_it")
            cursor.execute(statement)
            assert sentence in " ".join(changed_offers()), statement
            cursor.execute("ROLLBACK TO SAVEPOINT before_it")
    assert list(changed_offers()) == []


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_two_people_who_sign_at_the_same_moment_both_count_once(house, finance, mail, mo, clive):
    may(clive, finance)
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    wording = latest(offer)
    codes = {
        each: code_of(verbs.send_code(wording, each, by=each.actor, at=NOON))
        for each in (clive, mo)
    }
    found = []

    def run(person):
        try:
            found.append(verbs.sign(wording, person, code=codes[person], by=person.actor, at=NOON))
        except Refusal as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in (clive, mo, clive)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Assent.objects.count() == 2
    assert Version.objects.count() == 1
    assert len([each for each in found if isinstance(each, Refusal)]) == 1


def test_somebody_without_an_address_signs_on_paper(house, finance, mail, mo):
    pia = somebody("Pia", finance)
    pia.email = None
    pia.save()
    may(pia, finance)
    offer = offered(house, finance, mo)
    verbs.accept(latest(offer), pia, by=pia.actor, at=NOON)

    with pytest.raises(BadInput, match="attach a signed paper"):
        verbs.send_code(latest(offer), pia, by=pia.actor, at=NOON)
