"""Whatever comes in, a letter or a reason comes out, soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.reading.letters import KEPT
from tricorn.mail.reading import Unreadable, harmless, quoting, read

SEEDS = [
    (KEPT / name).read_bytes()
    for name in ("mikel-mail/report_422.eml", "talon/sparrow.eml", "cpython/msg_07.txt")
]
PIECES = st.sampled_from(
    [
        *(b"\n", b"\r\n\r\n", b"--edge\n", b"--edge--\n", b"=?utf-8?b?", b"?=", b"<", b">", b'"'),
        *(b"Content-Type: multipart/mixed; boundary=edge\n", b"Content-Type: text/html\n", b"(("),
        *(b"Content-Transfer-Encoding: base64\n", b"From: a@b.org\n", b"Subject: x\n", b"\xff\x00"),
        *(b"<blockquote>", b"<table><td>", b"On 1.1.2026 10:00 a@b wrote:\n", b"> x\n", b"-- \n"),
        *(
            b"Content-Type: message/delivery-status\n",
            b"Final-Recipient: x; a@b\n",
            b"name*0*=x''%",
        ),
    ]
)
HOSTILE = {
    "html that never closes": b"Content-Type: text/html\n\n" + b'<a "<b x="y" ' * 40_000,
    "html that nests": b"Content-Type: text/html\n\n" + b"<div><b><blockquote>" * 20_000,
    "html of ampersands": b"Content-Type: text/html\n\n" + b"&#" * 200_000,
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 200_000,
    "introductions": b"\n" + b"On 1.1.2026 10:00 a@b a@b a@b wrote :\nx\n" * 20_000,
    "boundaries": b"Content-Type: multipart/mixed; boundary=e\n\n" + b"--e" * 500_000,
    "open quotes": b"To: " + b'"\\' * 30_000 + b"\n\nx",
    "brackets": b"To: " + b"(<" * 30_000 + b"\n\nx",
    "folded": b"X: y\n" + b" z\n" * 250_000 + b"\nx",
    "picture in HTML": b'Content-Type: text/html\n\n<img src="data:image/png;base64,'
    + b"A" * 4_000_000,
}


def attempt(raw):
    refusal: Unreadable | None = None
    try:
        found = read(raw)
    except Unreadable as problem:
        refusal = problem
    if refusal is not None:
        assert str(refusal).endswith(".")
        assert refusal.__cause__ is None, repr(refusal.__cause__)
        return
    words = found.text + found.quoted + found.subject + "".join(f.name for f in found.attachments)
    assert not any(mark in words for mark in "\x00\x1b\u202e\u2066\ufeff")
    words.encode()


@settings(max_examples=75, deadline=None, derandomize=True)
@given(st.lists(PIECES | st.binary(max_size=12), max_size=30).map(b"".join))
def test_any_bytes_give_a_letter_or_a_reason(raw):
    attempt(raw)
    attempt(b"From: a@b.org\n" + raw)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.sampled_from(SEEDS), st.integers(0, 9_000), st.integers(0, 60), st.binary(max_size=20))
def test_a_letter_broken_anywhere_gives_a_letter_or_a_reason(seed, place, gone, put):
    attempt(seed[:place] + put + seed[place + gone :])


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.text(alphabet="ab>\n- :_1.@<|wrote", max_size=200))
def test_every_word_is_in_one_of_the_two_halves(text):
    plain = harmless.block(text)
    own, quoted = quoting.split(plain)

    assert sorted("".join(own + quoted).split()) == sorted(plain.split()) or (
        sorted((own + "\n" + quoted).split()) == sorted(plain.split())
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_makes_reading_slow(name):
    begun = time.process_time()
    attempt(b"From: a@b.org\n" + HOSTILE[name])

    # Most take a tenth of it; on a busy machine a second is a second.
    assert time.process_time() - begun < 3
