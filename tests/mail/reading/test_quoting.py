"""Own words apart from quoted ones, in plain text: in doubt they are the sender's own."""

import pytest

from tests.mail.reading.letters import kept, letter
from tricorn.mail.reading import quoting

MINE = "Yes, it works now.\nThank you!"
RULE = "_" * 32


def fold(text, **how):
    return quoting.split(text, **how)


@pytest.mark.parametrize(
    "introduction",
    [
        "On Sun, 22 Nov 2026 at 10:00, Desi <desi@example.com> wrote:",
        "On Sun, 22 Nov 2026 at 10:00, Desi <desi@example.com>\nwrote:",
        "Am 22.11.2026 um 10:00 schrieb Desi <desi@example.com>:",
        "Le dim. 22 nov. 2026 à 10:00, Desi <desi@example.com> a écrit :",
        "El 22/11/2026 a las 10:00, Desi escribió:",
        "Il giorno 22 nov 2026, alle ore 10:00, Desi ha scritto:",
        "Op 22-11-2026 om 10:00 schreef Desi:",
        "Em 22/11/2026 10:00, Desi escreveu:",
        "W dniu 22.11.2026 o 10:00, Desi pisze:",
        "Dnia 22 listopada 2026 10:00 Desi <desi@example.com> napisał(a):",
        "Den 22 nov. 2026 10:00 skrev Desi <desi@example.com>:",
        "2026-11-22 10:00 GMT+01:00 Desi <desi@example.com>:",
        "Dne 22. 11. 2026 v 10:00 Desi napsal(a):",
        "22.11.2026 10:00, Desi пишет:",
        "Desi <desi@example.com> writes:",
    ],
)
def test_a_quote_is_folded_with_its_introduction_in_many_languages(introduction):
    quote = f"{introduction}\n\n> Does it work?\n> Desi"

    assert fold(f"{MINE}\n\n{quote}") == (MINE, quote)


@pytest.mark.parametrize(
    "header",
    [
        "From: Desi\nSent: Sunday, 22 November 2026 10:00\nTo: Una\nSubject: Printer",
        "Von: Desi\nGesendet: Sonntag, 22. November 2026 10:00\nAn: Una\nBetreff: Drucker",
        "De : Desi\nEnvoyé : dimanche 22 novembre 2026 10:00\nÀ : Una\nObjet : Imprimante",
        "De: Desi\nEnviado: domingo, 22 de noviembre de 2026\nPara: Una\nAsunto: Impresora",
        "Da: Desi\nInviato: domenica 22 novembre 2026 10:00\nA: Una\nOggetto: Stampante",
        "Van: Desi\nVerzonden: zondag 22 november 2026 10:00\nAan: Una\nOnderwerp: Printer",
        "De: Desi\nEnviada: domingo, 22 de novembro de 2026\nPara: Una\nAssunto: Impressora",
        "Od: Desi\nWysłano: niedziela, 22 listopada 2026\nDo: Una\nTemat: Drukarka",
        "Från: Desi\nSkickat: den 22 november 2026 10:00\nTill: Una\nÄmne: Skrivare",
        "*From:* Desi\n*Sent:* Sunday\n*To:* Una\n*Subject:* Printer",
        "-----Original Message-----\nFrom: Desi",
        "-----Ursprüngliche Nachricht-----\nVon: Desi",
    ],
)
@pytest.mark.parametrize("rule", ["", f"{RULE}\n", f"{RULE}\n\n"])
def test_a_header_of_an_earlier_mail_quotes_all_below_and_leaves_no_rule(header, rule):
    own, quoted = fold(f"{MINE}\n\n{rule}{header}\n\nDoes it work?\nDesi")

    assert own == MINE
    assert quoted.endswith("Does it work?\nDesi")


def test_answers_between_quotes_stay():
    own, quoted = fold("> Which room?\n\nRoom 3.\n\n> Which floor?\n\nThe second.")

    assert own == "Room 3.\n\nThe second."
    assert quoted == "> Which room?\n\n> Which floor?"


@pytest.mark.parametrize(
    "ending",
    [
        "-- \nUna\nTelephone 12",
        "--\nUna",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        RULE,
    ],
)
def test_signatures_and_what_phones_add_are_folded(ending):
    assert fold(f"{MINE}\n\n{ending}")[0] == MINE


@pytest.mark.parametrize(
    "text",
    [
        "From: the second floor\nTo: the third, the lift stands still",
        "On 22.11. at 10:00 I wrote this:\nplease look at it",
        "Steps:\n- switch it on\n- wait\n-- and nothing",
        "We had a list:\n\n--\n" + "\n".join(f"line {n}" for n in range(40)),
        "Best regards are what I send you",
        "He wrote: it is broken",
        "| a | b |\n| 1 | 2 |",
        "SQL> select 1;\nC:\\> dir",
        "Original message was lost, please send it again",
    ],
)
def test_in_doubt_it_is_kept(text):
    assert fold(text) == (text, "")


def test_a_first_letter_quotes_nobody():
    text = "The screen says\n> no paper\n> press OK"

    assert fold(text, is_reply=False) == (text, "")
    assert fold(text, is_reply=True) == ("The screen says", "> no paper\n> press OK")


def test_what_is_passed_on_is_news_and_stays():
    passed = "Please look.\n\n---------- Forwarded message ---------\nFrom: x\nDate: y\nSubject: z\n\nHelp!"
    header = "FYI\n\nFrom: x\nSent: y\nTo: z\nSubject: w\n\nHelp!"

    assert fold(passed) == (passed, "")
    assert letter(header, head="From: a@b.org\nSubject: WG: Help\n").text == header


def test_only_a_quote_is_still_read_as_its_text():
    found = letter("> Does it work?\n", "In-Reply-To: <1@b>\n")

    assert (found.text, found.quoted) == ("> Does it work?", "")


@pytest.mark.parametrize(
    "program",
    [
        "android",
        "aol",
        "apple_mail",
        "apple_mail_2",
        "comcast",
        "gmail",
        "hotmail",
        "iphone",
        "outlook",
        "sparrow",
        "thunderbird",
        "yahoo",
    ],
)
def test_the_answers_of_real_programs_are_hello(program):
    found = kept(f"talon/{program}.eml")

    assert found.text == "Hello"
    assert "Hi" in found.quoted


def test_nothing_is_lost_between_own_and_quoted():
    text = "A\n> B\nC\n\nOn 1.1.2026 10:00 x@y.org wrote:\n> D\n\nE\n-- \nF"
    own, quoted = fold(text)

    assert sorted(f"{own}\n{quoted}".replace("\n\n", "\n").split("\n")) == sorted(
        text.replace("\n\n", "\n").rstrip().replace("-- ", "-- ").split("\n")
    )
