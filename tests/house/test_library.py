"""The page about the engine as a library: every example on it is run."""

import doctest

from tests.house.ground import ROOT

PAGE = ROOT / "docs" / "library.md"


def test_every_example_on_the_page_says_what_it_really_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []

    found = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
        test, out=said.append
    )

    assert found.attempted > 20
    assert found.failed == 0, "".join(said)
