"""A file for both sides proves itself without any database, and says what was changed in it."""

import json

import pytest
from hypothesis import given

from tests.cast import A7
from tests.engine.agreements_given import agreements
from tricorn.engine.agreement import Agreement, SignedFile, proof, prove
from tricorn.engine.errors import BadAgreement

HEAD = "ab" * 32
FILE = SignedFile.of(Agreement.from_toml(A7), 3, HEAD, ("Clive",))


def proved(text):
    return prove(proof.read(text, "A-7-v3"))


@given(agreements())
def test_what_goes_out_comes_back_and_is_proved(content):
    file = SignedFile.of(content, 2, HEAD, ())

    for text in (file.to_toml(), file.to_json()):
        found = proof.read(text, "file")
        assert isinstance(found, SignedFile)
        assert (found.content, found.hash, found.version, found.head, found.text) == (
            *(content, content.hash, 2, HEAD, content.canonical()),
        )
        assert prove(found).holds


@pytest.mark.parametrize("ending", ["toml", "json"])
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("8h", "80h", "clause R2, target"),
        ("Mail for Finance", "Mail for all", "agreement, title"),
        ("House IT", "Other IT", "parties, provider"),
        ("8240", "8241", "price per month, amount"),
        ("2026-05-04", "2026-05-03", "agreement, from"),
        ("supplier", "client", "clause R2, stopped_by"),
    ],
)
def test_a_changed_field_is_named(ending, old, new, place):
    head, sep, body = FILE.to_toml().partition("\n\n")
    text = f"{head}{sep}{body.replace(old, new, 1)}"
    if ending == "json":
        data = json.loads(FILE.to_json())
        data["agreement"] = json.loads(json.dumps(data["agreement"]).replace(old, new, 1))
        text = json.dumps(data)

    result = proved(text)

    assert not result.holds
    assert [change.place for change in result.changes] == [place]


def test_without_the_signed_text_a_change_is_seen_but_not_named():
    data = json.loads(FILE.to_json().replace("Mail for Finance", "Mail for all"))
    del data["text"]

    result = proved(json.dumps(data))

    assert "--against" in result.problems[0]


def test_another_hash_and_another_signed_text_are_named():
    other = json.loads(FILE.to_json()) | {"hash": "0" * 64}
    text = json.loads(FILE.to_json()) | {"text": FILE.text.replace("8h", "9h")}

    assert proved(json.dumps(other)).problems[0].startswith("hash:")
    assert proved(json.dumps(text)).problems[0].startswith("text:")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"hash": "abc"}, "hash"),
        ({"hash": 7}, "hash"),
        ({"agreement": None}, "agreement"),
        ({"text": 7}, "text"),
        ({"text": "{", "hash": "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96"},
         "is not JSON"),
        ({"extra": 1}, "'extra': is not known here"),
        ({"signatures": []}, "signatures: are not those"),
        ({"signatures": [{"by": "mo@example.org", "capacity": "", "on": "2026-05-04"}]},
         "signatures 1, by"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_place(change, sentence):
    data = json.loads(FILE.to_json()) | change

    with pytest.raises(BadAgreement, match=r"A-7-v3|signed text") as caught:
        proved(json.dumps(data))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["{", '{"hash": [' + "[" * 100_000, "{}", '{"hash": NaN}'])
def test_what_is_no_agreement_is_refused_in_one_sentence(text):
    with pytest.raises(BadAgreement):
        proved(text)


def test_a_comment_that_was_cut_is_refused():
    lines = FILE.to_toml().splitlines()
    cut = [line for line in lines if not line.startswith("# signed text")]
    short = [line[:30] if line.startswith("# signed text") else line for line in lines]

    assert proved("\n".join(cut)).holds, "the hash alone proves it"
    with pytest.raises(BadAgreement, match="signed text"):
        proved("\n".join(short))


def test_the_name_of_a_file_is_harmless():
    content = Agreement.from_toml(A7.replace("A-7", "../a b/ü"))

    assert SignedFile.of(content, 1, "", ()).name("pdf") == "a-b-04369f-v1.pdf"


def test_two_agreements_never_write_the_same_file():
    refs = ["A-7", "A/7", "A 7", "A:7"]
    texts = [Agreement.from_toml(A7.replace("A-7", ref)) for ref in refs]

    names = {SignedFile.of(each, 1, "", ()).name("toml") for each in texts}

    assert len(names) == len(refs)
    assert "A-7-v1.toml" in names


def test_signs_that_some_take_for_the_end_of_a_line_hide_no_hash():
    content = Agreement.from_toml(A7.replace("A-7", "A\u20287").replace("Mail for", "Mail\u2029"))

    assert isinstance(proof.read(SignedFile.of(content, 1, HEAD, ()).to_toml(), "x"), SignedFile)
