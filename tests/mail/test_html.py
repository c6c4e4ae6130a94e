"""The HTML of a letter: the same words, nothing foreign, nothing that runs."""

import time

import pytest

from tricorn.mail.html import html_of, inner


def test_it_is_a_page_in_a_language_with_a_title():
    page = html_of("Hello", subject="A & B", language="en")

    assert '<html lang="en" dir="auto">' in page
    assert "<title>A &amp; B</title>" in page
    assert "<p>Hello</p>" in page


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("    K7QF-22", "<pre><code>K7QF-22\n</code></pre>\n"),
        ("# 5 is broken", "<p># 5 is broken</p>\n"),
        ("<b>&</b>", "<p>&lt;b&gt;&amp;&lt;/b&gt;</p>\n"),
        (
            "See https://help.example/t/T-7/ please",
            '<p>See <a href="https://help.example/t/T-7/">https://help.example/t/T-7/</a> please</p>\n',
        ),
        ("mail una@example.org", "<p>mail una@example.org</p>\n"),
    ],
)
def test_words_become_paragraphs_lists_and_links(words, html):
    assert inner(words) == html


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "![x](https://evil.example/pixel.png)",
        '<img src="https://evil.example/p.gif">',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,xxxx)",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        "[x]: https://evil.example\n\n![x]",
        "&lt;script&gt;",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(words):
    html = inner(words).lower()

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'href="//' not in html


def test_so_many_links_that_looking_for_them_takes_minutes_are_not_looked_for():
    since = time.process_time()

    assert "<a " not in inner("<http://" * 12_500)
    assert time.process_time() - since < 2
    assert inner("https://a.example " * 200).count("<a ") == 200
