"""Letters: every kind with its words, which are rewritten here and looked at before they count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput
from tricorn.mail.filling import LONGEST_SUBJECT, LONGEST_TEXT
from tricorn.mail.html import inner
from tricorn.mail.identities import signature_of
from tricorn.mail.kinds import KINDS, Kind
from tricorn.mail.reads import counts
from tricorn.mail.verbs import back_to_shipped, word_letter
from tricorn.mail.verbs.words import checked
from tricorn.mail.words import Words, current, rewritten, shipped, versions
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest


class WordsForm(forms.Form):
    """A letter's subject and text, with names in double braces."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        strip=False,
        help_text=_(
            "A line with nothing to fill in is left out; when it was the only such line of its "
            "paragraph, the paragraph goes with it."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto", "spellcheck": "true"}),
    )

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["text"])


@for_all("edit_words")
def letters(request: TricornRequest) -> HttpResponse:
    """Every kind of letter: what it is for, whether its words are ours or the house's own."""
    own = rewritten(language_of(request))
    kinds = [{"kind": kind, "is_own": kind.code in own} for kind in KINDS.values()]
    return page(request, "letters.html", "letters", {"kinds": kinds, "counts": counts()})


@for_all("edit_words")
def letter(request: TricornRequest, words: str) -> HttpResponse:
    """One kind: its words, what they may name, how it would look, what it said before."""
    kind, language = kind_of(words), language_of(request)
    now = current(kind.code, language)
    form = WordsForm(posted(request), initial={"subject": now.subject, "text": now.text})
    if form.is_bound and form.is_valid():
        try:
            if "show" in request.POST:
                checked(kind.code, form.words)
            else:
                word_letter(kind.code, language, form.words, by=request.actor, at=request.at)
                said = gettext("From now on this letter is written so.")
                return done(request, said, "manage:letters-words", kind.code)
        except BadInput as problem:
            blame(form, problem)
    context = {
        "kind": kind,
        "form": form,
        "shipped": shipped(kind.code, language),
        "versions": versions(kind.code, language),
        **looks(kind, form),
    }
    return page(request, "letter.html", "letters", context, form)


@for_all("edit_words")
@require_POST
def preview(request: TricornRequest, words: str) -> HttpResponse:
    """How the letter would look, with what was typed so far."""
    kind = kind_of(words)
    return render(request, "manage/_letter_preview.html", looks(kind, WordsForm(request.POST)))


@for_all("edit_words")
@require_POST
def shipped_again(request: TricornRequest, words: str) -> HttpResponse:
    """Use the words that came with Tricorn again."""
    kind = kind_of(words)
    back_to_shipped(kind.code, language_of(request), by=request.actor, at=request.at)
    return done(request, gettext("The shipped words count again."), "manage:letters-words", words)


def looks(kind: Kind, form: WordsForm) -> dict[str, Any]:
    """Return the letter filled in with examples, or what is wrong with it."""
    if form.is_bound:
        if not form.is_valid():
            return {"looks": None, "wrong": gettext("A letter needs a subject and a text.")}
        words = form.words
    else:
        words = Words(str(form["subject"].value() or ""), str(form["text"].value() or ""))
    try:
        words = checked(kind.code, words)
    except BadInput as problem:
        return {"looks": None, "wrong": str(problem)}
    example = kind.example
    example["signature"] = signature_of(None) or example["signature"]
    filled = words.filled(example)
    return {"looks": filled, "html": inner(filled.text), "wrong": ""}


def kind_of(words: str) -> Kind:
    if words not in KINDS:
        raise Http404("There is no such letter.")
    return KINDS[words]


def language_of(request: TricornRequest) -> str:
    """Return the language whose words are looked at: the one asked for, else the house's."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
