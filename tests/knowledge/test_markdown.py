"""Markdown becomes safe HTML, whatever is written."""

import re
import time

import pytest

from tricorn.knowledge.markdown import pictures_in, plain_of, rendered


def html(text):
    return str(rendered(text, "/help/phone/picture/").html)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:alert(1))",
        "<javascript:alert(1)>",
        "![x](https://tracker.example/1.gif)",
        "![x](//tracker.example/1.gif)",
        '![x](picture:1"onload=alert(1))',
        '[x](https://a.example "t\\"onmouseover=alert(1)")',
        "# <svg/onload=alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "<style>*{display:none}</style><form action=//evil.example>",
        "[a]: javascript:alert(1)\n[a]",
    ],
)
def test_nothing_that_runs_follows_or_hides_comes_through(text):
    tags = " ".join(re.findall(r"<[^>]*>", html(text))).lower()

    assert not re.search(r"<(script|svg|style|form|iframe)|javascript:|vbscript:|data:", tags)
    assert not re.search(r"\son\w+=", re.sub(r'"[^"]*"', '""', tags))
    assert 'src="http' not in tags
    assert 'src="//' not in tags


def test_what_one_writes_is_there():
    made = html(
        "# Top\n\n**bold** ~~gone~~ `code`\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
        "\nsee example.org or [help](/help/x/)"
    )

    for part in (
        '<h2 id="part-top">Top</h2>',
        "<strong>bold</strong>",
        "<s>gone</s>",
        "<code>code</code>",
        "<li>one</li>",
        '<div class="scroll"><table>',
        "<td>2</td>",
        '<a href="/help/x/">help</a>',
    ):
        assert part in made
    link = re.search(r'<a href="http://example.org"[^>]*>', made)[0]
    assert 'rel="external nofollow noopener noreferrer"' in link


def test_a_picture_of_the_article_is_shown_and_any_other_is_its_words():
    made = html("![The lamp](picture:7) ![Elsewhere](https://x.example/a.png)")

    assert '<img src="/help/phone/picture/7/" alt="The lamp" loading="lazy">' in made
    assert "Elsewhere" in made
    assert "x.example" not in made
    assert pictures_in("![a](picture:7) picture:08 ![b](picture:x)") == {7, 8}
    assert plain_of("One\n\n![a](picture:7)\nTwo") == "One\n\nTwo"


def test_every_heading_has_an_anchor_of_its_own_and_many_make_contents():
    found = rendered("# Print\n## Print\n# Über *uns*\n# …\n###### Deep")

    assert [(each.anchor, each.level) for each in found.headings] == [
        ("part-print", 2),
        ("part-print-2", 3),
        ("part-uber-uns", 2),
        ("part-part", 2),
        ("part-deep", 3),
    ]
    assert [each.words for each in found.contents] == ["Print", "Über uns", "…"]
    assert rendered("# One\n# Two").contents == ()


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "![](", "`", "- ", "|a", "<", "http://a.b/("])
def test_what_is_meant_to_take_long_does_not(piece):
    begun = time.process_time()

    rendered(piece * (50_000 // len(piece)))

    assert time.process_time() - begun < 4
