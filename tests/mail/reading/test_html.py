"""HTML letters: readable as text, harmless as HTML, quotes folded."""

import pytest

from tests.mail.reading.letters import KEPT, html, parts
from tricorn.mail.reading import html_letter

PROGRAMS = sorted((KEPT / "talon" / "html").glob("*.html"))


@pytest.mark.parametrize("file", PROGRAMS, ids=lambda file: file.stem)
def test_the_html_of_real_programs_keeps_only_what_was_written(file):
    page = html_letter.read(file.read_text(encoding="utf-8"), is_reply=True, is_forward=False)
    own = " ".join(page.text.split())

    assert own in ("Hi. I am fine. Thanks, Alex", "Hi there Bob", "Reply")
    assert "Hello" in page.quoted or "Hi" in page.quoted
    assert "Sasha" not in page.html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<ul><li>One</li><li>Two</ul>", "- One\n- Two"),
        ("<ol><li>One<li>Two</ol>", "1. One\n2. Two"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("a\n   b &amp; c &lt;d&gt; &#8364;", "a b & c <d> €"),
        ('<a href="https://x.org/y">here</a>', "here <https://x.org/y>"),
        ('<a href="https://x.org/">https://x.org</a>', "https://x.org"),
        ('<a href="mailto:a@b.org">a@b.org</a>', "a@b.org"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A  B\nC"),
        ("<style>p{}</style><title>No</title><script>no()</script>Yes", "Yes"),
        ('<span style="display: none">no</span>Yes', "Yes"),
        ("a < b and b > c", "a < b and b > c"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<!-- no -->Yes<!-- never closed", "Yes"),
        ('<img src="https://x.org/a.png" alt="Map">', "[Map]"),
    ],
)
def test_html_becomes_readable_text(source, text):
    rows = [row.rstrip() for row in html(source).text.split("\n")]

    assert "\n".join(rows) == text


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<a href="data:text/html,alert(1)">x</a>',
        "<svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>",
        "<iframe src=https://x.org></iframe><object data=x></object><embed src=x>",
        '<p style="background:url(https://x.org/t.png)" class="x" id="y" onclick="alert(1)">x</p>',
        "<form action=https://x.org><input name=password><button>x</button></form>",
        '<base href="https://x.org"><link rel=stylesheet href=https://x.org><meta http-equiv=refresh>',
        "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<textarea><img src=x onerror=alert(1)></textarea>",
        '<img src="cid:x" onerror="alert(1)" data-cid="&quot; onload=alert(1)">',
        '<img src="cid:&quot; onerror=alert(1) x=&quot;">',
    ],
)
def test_nothing_in_the_html_acts_or_calls(source):
    shown = html(f"<p>Own</p>{source}").html.lower()
    tags = "".join(part.split(">", 1)[0] + ">" for part in shown.split("<")[1:])

    assert "own" in shown
    for bad in ("script", " on", "src=", "style", "iframe", "x.org", "javascript", "data:", "form"):
        assert bad not in tags.replace("&quot; on", ""), tags


def test_pictures_from_elsewhere_are_not_loaded_and_counted():
    found = html('<p>Hi<img src="https://x.org/t.gif" width=1><img src="//x.org/u.gif"></p>')

    assert found.html == "<p>Hi</p>"
    assert found.notes == (
        "2 pictures kept elsewhere will not be loaded: it tells who reads when.",
    )


def test_links_open_without_telling_where_they_stood():
    assert html('<a href="https://x.org/" target=_blank>x</a>').html == (
        '<a href="https://x.org/" rel="noopener noreferrer nofollow">x</a>'
    )


def test_an_inline_picture_keeps_its_place_by_cid():
    found = parts(
        'Content-Type: text/html\n\n<p>See <img src="cid:p1@x" alt="Screen"></p>',
        "Content-Type: image/png\nContent-ID: <p1@x>\n\nabc",
        kind="related",
    )

    assert found.html == '<p>See <img alt="Screen" data-cid="p1@x"></p>'.replace(
        'alt="Screen" data-cid="p1@x"', 'data-cid="p1@x" alt="Screen"'
    )
    assert [(file.cid, file.is_inline) for file in found.attachments] == [("p1@x", True)]


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On 1.1.2026 Desi wrote:</div>'
        '<blockquote class="gmail_quote">Old</blockquote></div>',
        '<div class="moz-cite-prefix">On 1.1.2026 10:00, Desi wrote:</div>'
        '<blockquote type="cite">Old</blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Desi</div><div>Old</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> Desi<br>'
        "<b>Gesendet:</b> Montag<br><b>An:</b> Una<br><b>Betreff:</b> x</p></div><p>Old</p>",
        '<div class="yahoo_quoted">Old</div>',
        '<div class="protonmail_quote">Old</div>',
        '<blockquote style="border-left: 1px solid blue">Old</blockquote>',
    ],
)
def test_quotes_of_many_programs_are_folded_in_text_and_html(quote):
    found = html(f"<div>Mine</div>{quote}", "In-Reply-To: <1@b>\n")

    assert found.text == "Mine"
    assert "Old" in found.quoted
    assert "Old" not in found.html


def test_answers_between_quotes_of_gmail_stay():
    found = html(
        '<div class="gmail_quote"><blockquote class="gmail_quote">Which?</blockquote>'
        '<div>This one.</div><blockquote class="gmail_quote">Where?</blockquote></div>'
    )

    assert found.text == "This one."
    assert "Which?" in found.quoted
    assert "Where?" in found.quoted


def test_a_plain_indent_is_no_quote():
    assert html("<p>It says</p><blockquote>no paper</blockquote>").text == "It says\n\n    no paper"


def test_a_picture_written_into_the_html_becomes_a_file():
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )
    found = html(f'<p>x<img src="data:image/png;base64,{pixel}"></p>')

    (file,) = found.attachments
    assert file.media_type == "image/png"
    assert f'data-cid="{file.cid}"' in found.html
