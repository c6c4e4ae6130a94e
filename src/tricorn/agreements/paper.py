"""A signed version on paper: PDF/A-3b and PDF/UA-1, the JSON file inside.

Names and words go to the typesetter as data, never as its markup, so nothing in them is carried
out. The same version with the same head gives the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language, gettext

from tricorn.agreements import plain, terms
from tricorn.engine.agreement import SignedFile

SHAPE = Path(__file__).with_name("paper.typ")


def to_pdf(file: SignedFile) -> bytes:
    """Return the version as PDF.

    Its own fonts hold Latin, Greek and Cyrillic; what they lack is looked for among the fonts of
    the machine. Where no font has a sign, the file is plain PDF: an empty box, but no failure.
    """
    data = json.dumps(said(file), ensure_ascii=False)
    inputs = {"said": data, "json": file.to_json(), "json_name": file.name("json")}
    written = datetime.combine(file.content.from_on, time(), tzinfo=UTC)
    for own_fonts in (True, False):
        try:
            return _compiled(inputs, written, own_fonts=own_fonts)
        except typst.TypstError as problem:
            if "could not be displayed with font" not in str(problem):
                raise
    return _compiled(inputs, written, own_fonts=False, lasting=False)


def _compiled(
    inputs: dict[str, str], written: datetime, *, own_fonts: bool, lasting: bool = True
) -> bytes:
    return typst.compile(
        SHAPE.read_bytes(),
        format="pdf",
        ignore_system_fonts=own_fonts,
        sys_inputs=inputs,
        pdf_standards=["a-3b", "ua-1"] if lasting else [],
        timestamp=written,
    )


def said(file: SignedFile) -> dict[str, Any]:
    """Return everything that stands on the paper, in words, by its place there."""
    content = file.content
    names = [*file.names, *[""] * len(content.signed)]
    return {
        "lang": (get_language() or "en").partition("-")[0],
        "title": content.title,
        "ref": gettext("%(ref)s, version %(n)d") % {"ref": content.ref, "n": file.version},
        "facts": [
            [gettext("Client"), content.client],
            [gettext("Provider"), content.provider],
            [gettext("Services"), plain.joined(content.services)],
            [gettext("In force"), plain.when(content)],
            [
                gettext("Price"),
                "; ".join(map(plain.price, content.prices)) or gettext("none named"),
            ],
        ],
        "promised": gettext("What is promised"),
        "clauses": [
            {
                "name": gettext("Clause %(name)s") % {"name": clause.id},
                "sentence": plain.promise(clause).sentence + plain.hours_of(clause, content),
            }
            for clause in content.clauses
        ],
        "sections": [
            {"title": each.title, "terms": [str(term) for term in each.terms]}
            for each in terms.sections(content)
        ],
        "served": gettext("When help is there"),
        "day": gettext("Day"),
        "open": gettext("Open"),
        "hours": [
            {
                "name": name if len(content.hours) > 1 else "",
                "week": plain.week(hours),
                "note": plain.zone_and_holidays(hours),
                "other": plain.other_days(hours),
            }
            for name, hours in content.hours.items()
        ],
        "covered": gettext("Who is covered"),
        "entitled": [plain.entitled(each, content) for each in content.entitled]
        or [gettext("nobody is named")],
        "signed": gettext("Signatures"),
        "signatures": [
            plain.signed(each, name) for each, name in zip(content.signed, names, strict=False)
        ],
        "approval": gettext(
            "This is a recorded approval and not a qualified electronic signature. Where the law "
            "requires written form, a signed paper must be attached."
        ),
        "proof": gettext(
            "The hash below stands for this very text. The JSON file inside this PDF proves it: "
            "tricorn agreement check FILE."
        ),
        "hash": gettext("hash %(hash)s") % {"hash": file.hash},
        "head": gettext("journal %(head)s") % {"head": file.head or gettext("not sealed yet")},
        "page": gettext("page"),
    }
