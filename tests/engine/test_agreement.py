"""An agreement goes out as text and comes back as the same content, under one name."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings

from tests.cast import A7
from tests.engine.agreements_given import WHOLE, agreements
from tricorn.engine.agreement import Agreement, Entitled, Price, Signed
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Target


def test_a_text_is_read_with_everything_in_it():
    read = Agreement.from_toml(WHOLE)

    assert (read.ref, read.title) == ("A-7", "Mail and phone for Finance")
    assert read.services == ("mail", "phone")
    assert (read.from_on, read.to_on) == (date(2026, 5, 4), date(2027, 5, 3))
    assert (read.client, read.provider) == ("Finance", "House IT")
    first, second = read.clauses
    assert (first.kinds, first.priorities) == (("incident", "question"), ("critical", "high"))
    assert (first.start, first.stop, first.hours) == ("began", "first_response", "desk")
    assert (first.target, first.share) == (Target(seconds=5400), Decimal("0.95"))
    assert first.stopped_by == {Holder.CUSTOMER, Holder.SUPPLIER}
    assert (second.start, second.share, second.per) == ("reported", None, "month")
    assert read.entitled == (
        Entitled("organisation", "Finance", False, ("mail",), "Head office"),
        Entitled("person", "una@example.org"),
        Entitled("group", "Night shift"),
        Entitled("place", "reception"),
    )
    assert read.prices == (Price(Decimal("8240.5"), "EUR"),)
    assert read.signed[1] == Signed("Mo", "", date(2026, 5, 2))
    assert read.zone == "Europe/Berlin"


def test_a_clause_without_kinds_and_priorities_is_for_all_of_them():
    first, second = Agreement.from_toml(WHOLE).clauses

    assert second.applies_to("praise", "low")
    assert first.applies_to("incident", "high")
    assert not first.applies_to("incident", "low")
    assert not first.applies_to("praise", "high")


def test_an_agreement_goes_out_as_toml_and_comes_back_without_loss():
    read = Agreement.from_toml(WHOLE)

    assert Agreement.from_toml(read.to_toml()) == read


def test_the_toml_that_goes_out_reads_like_one_that_somebody_wrote():
    text = Agreement.from_toml(WHOLE).to_toml()

    assert text.startswith('[agreement]\nref = "A-7"\n')
    assert 'services = ["mail", "phone"]\nfrom = 2026-05-04\nto = 2027-05-03\n' in text
    assert '\n\n[hours."day & night"]\nzone = "UTC"\n' in text
    assert "\nshare = 0.95\n" in text
    assert "\namount = 8240.5\n" in text
    assert "kinds = []" not in text


@settings(max_examples=30)
@given(agreements())
def test_any_agreement_comes_back_from_its_toml_its_data_and_its_canonical_text(agreement):
    assert Agreement.from_toml(agreement.to_toml()) == agreement
    assert Agreement.from_data(agreement.to_data()) == agreement
    again = Agreement.from_data(json.loads(agreement.canonical()))
    assert again == agreement
    assert again.hash == agreement.hash
    assert again.zone == agreement.zone


def test_comments_spaces_and_line_ends_change_no_hash():
    spaced = WHOLE.replace(" = ", "   =  ").replace("\n", "  # said so\r\n")

    assert Agreement.from_toml("\ufeff" + spaced).hash == Agreement.from_toml(WHOLE).hash


def test_the_order_of_keys_and_tables_changes_no_hash():
    blocks = WHOLE.split("\n\n")
    turned = "\n\n".join([*blocks[3:], *blocks[:3]])
    swapped = turned.replace(
        'ref = "A-7"\ntitle = "Mail and phone for Finance"',
        'title = "Mail and phone for Finance"\nref = "A-7"',
    )

    read = Agreement.from_toml(swapped)

    assert read.hash == Agreement.from_toml(WHOLE).hash
    assert read.zone == "Europe/Berlin"


def test_one_number_has_one_hash_however_it_is_written():
    texts = [
        WHOLE.replace("share = 0.95", said).replace("8240.50", amount)
        for said in ("share = 0.950", 'share = "95 %"', 'share = "95.0%"', 'share = "9.5e-1"')
        for amount in ("8240.5", "8240.5000", '"8240.50"', "8.2405e3")
    ]

    assert {Agreement.from_toml(text).hash for text in texts} == {Agreement.from_toml(WHOLE).hash}


def test_texts_signed_before_the_format_grew_keep_their_hash():
    signed = {
        A7: "81490c2036d992e94b7d3e370fb6773e8ffa886ab3a1c62600070b52cde5a012",
        WHOLE: "b14d40fa39651ac4fd3670fe3570f2052036b246a2b71da8b2d44ec06ca450c1",
    }

    assert {text: Agreement.from_toml(text).hash for text in signed} == signed


def test_what_goes_without_saying_changes_no_hash_when_it_is_said():
    said = (
        WHOLE.replace("to = 2027", 'kind = "full"\nrunning = "stay"\nto = 2027').replace(
            "amount = ", 'basis = "flat"\namount = '
        )
        + '[review]\nper = "month"\n'
    )

    read = Agreement.from_toml(said)

    assert read.hash == Agreement.from_toml(said + 'within = "14 days"\n').hash
    assert replace(read, review=None).hash == Agreement.from_toml(WHOLE).hash


def test_another_promise_has_another_hash():
    assert (
        Agreement.from_toml(WHOLE.replace("1h30m", "1h31m")).hash != Agreement.from_toml(WHOLE).hash
    )


def test_without_a_title_the_ref_is_the_title():
    read = Agreement.from_toml(WHOLE.replace('title = "Mail and phone for Finance"\n', ""))

    assert read.title == "A-7"


def test_the_terms_of_a_clause_are_what_the_clock_runs_by():
    agreement = Agreement.from_toml(WHOLE)

    terms = agreement.terms(agreement.clauses[0])

    assert (terms.clause, terms.target) == ("R1", Target(seconds=5400))
    assert terms.schedule.hours.zone == "Europe/Berlin"
    assert terms.stopped_by == {Holder.CUSTOMER, Holder.SUPPLIER}
