"""All the forms of one agreement text together: drawn from a text, read back into one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import Form
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext

from tricorn.agreements import composing
from tricorn.agreements.composing import Answers, BadAnswer
from tricorn.agreements.verbs.offers import Described
from tricorn.catalogue.models import Level, Service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadAgreement, BadInput
from tricorn.engine.hours import Hours
from tricorn.parties.models import Organisation
from tricorn.web.choices import fill_choices
from tricorn.web.manage import offers_forms as asked
from tricorn.web.manage.hours_form import initial
from tricorn.web.manage.offers_four import Four, begun, fill
from tricorn.web.manage.offers_rows import ROWS, CalendarRow, in_order

# What a text calls otherwise than its field here.
FIELDS = {"from": "from_on", "to": "to_on"}


@dataclass(frozen=True)
class Frame:
    """What a text stands in: its ref, parties, where time is read, and the services one may offer.

    `client` None: it is asked. `content` None: the four questions are asked instead of every row.
    `is_stored`: the content is a draft that somebody else may change meanwhile.
    """

    ref: str
    provider: Organisation
    zone: str
    at: datetime
    services: tuple[Service, ...]
    client: Organisation | None = None
    content: text.Agreement | None = None
    described: Described | None = None
    level: Level | None = None
    from_on: date | None = None
    is_stored: bool = False


class Composer:
    """The forms of one page. `deed` says which button was pressed: "" keeps what is filled in.

    deed  "show" (say it in words), "fill" (a level's usual hours and times), "more:PART".
    """

    def __init__(self, frame: Frame, data: QueryDict | None = None) -> None:
        self.frame = frame
        self.deed = str(data.get("deed", "")) if data is not None else ""
        self.is_simple = frame.content is None and (data is None or "full" not in data)
        self.content = replace(frame.content, signed=()) if frame.content else None
        self.is_text_only = self.content is not None and not _fits(self.content)
        self.data = self._changed(data) if data is not None else None
        self._build()

    def _changed(self, data: QueryDict) -> QueryDict:
        """Return what was sent, with a row more or a level's usual times where that was asked."""
        changed = data.copy()
        deed, _, part = self.deed.partition(":")
        if deed == "more" and part in ROWS and not self.is_text_only:
            _add_row(changed, part, self.frame.zone)
        if deed == "fill" and self.is_simple:
            fill(changed, self.frame.services, self.frame.at)
        return changed

    def _build(self) -> None:
        frame, data = self.frame, self.data
        found = composing.answers_of(self.content) if self.content else None
        self.described = asked.DescribedForm(data, initial=vars(frame.described or Described("")))
        self.who: asked.WhoForm | None = None
        self.four: Four | None = None
        if frame.client is None:
            self.who = asked.WhoForm(data, provider=frame.provider)
        if self.is_simple:
            self.four = Four(data, frame.services, frame.level, zone=frame.zone, at=frame.at)
        self.terms = asked.TermsForm(data, initial=self._terms(found))
        self.whole = asked.WholeForm(data, initial=self._whole_initial())
        self.rows: dict[str, Any] = {}
        if self.is_text_only:
            return
        names = self._names(found)
        services = self._services()
        chosen = self.terms["services"].value() or []
        fill_choices(self.terms, services=in_order(services, chosen))
        for part, formset in ROWS.items():
            kwargs = {} if part == "hours" else {"names": names, "services": services}
            self.rows[part] = formset(
                data, initial=self._initial(part, found), prefix=part, form_kwargs=kwargs
            )

    def _terms(self, found: Answers | None) -> dict[str, Any]:
        if found is None:
            return {"from_on": self.frame.from_on, "kind": "full", "running": "stay"}
        head = {FIELDS.get(key, key): each for key, each in found.head.items()}
        return {"kind": "full", "running": "stay", **head}

    def _whole_initial(self) -> dict[str, Any]:
        if self.content is None:
            return {}
        toml = self.content.to_toml()
        return {
            "toml": toml,
            "toml_was": _print(toml),
            "made": self.content.hash,
            "base": self.content.hash,
        }

    def _names(self, found: Answers | None) -> list[str]:
        """The names of hours that a row may choose: as typed, and as they were drawn."""
        if self.data is None:
            return [str(row["name"]) for row in found.rows["hours"]] if found else []
        typed = [
            self.data.get(f"hours-{n}-{key}", "")
            for n in range(_total(self.data, "hours"))
            for key in ("was", "name")
        ]
        return list(dict.fromkeys(each for each in typed if each))

    def _services(self) -> list[tuple[str, str]]:
        """The services to choose from, each as the text calls it."""
        named = self.content.services if self.content else ()
        if self.data is not None:
            named = (*named, *self.data.getlist("services"))
        choices = {}
        for each in self.frame.services:
            calls = [
                x for x in named if x.casefold() in (each.slug.casefold(), each.name.casefold())
            ]
            for written in dict.fromkeys(calls or [each.name]):
                choices[written] = each.name
        return [*choices.items(), *((x, x) for x in dict.fromkeys(named) if x not in choices)]

    def _initial(self, part: str, found: Answers | None) -> list[dict[str, Any]]:
        if found is None:
            return begun(part, self.frame.level, self.frame.at)
        if part == "hours":
            return [
                {**initial(row["hours"], row["name"]), "was": row["was"]}
                for row in found.rows["hours"]
            ]
        return [dict(row) for row in found.rows[part]]

    @property
    def forms(self) -> list[Form]:
        """Every form on the page, the rows' too."""
        found: list[Form] = [*self.four.forms] if self.four else []
        found += [self.who] if self.who else []
        return [
            *found,
            self.described,
            self.terms,
            self.whole,
            *(form for formset in self.rows.values() for form in formset),
        ]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the whole, not with one field."""
        return [str(said) for form in self.forms for said in _own_errors(form)]

    @property
    def is_wrong(self) -> bool:
        return any(form.is_bound and form.errors for form in self.forms)

    def read(self) -> text.Agreement | None:
        """Return the text that the page says, or None with each complaint beside its field."""
        valid = [form.is_valid() for form in self.forms if form.is_bound and form is not self.whole]
        valid += [formset.is_valid() for formset in self.rows.values()]
        if not self.whole.is_valid() or self._is_overtaken():
            return None
        composed = None
        if all(valid) and not self.is_text_only:
            try:
                composed = self._composed()
            except BadAnswer as problem:
                self._blame(problem)
        return self._chosen(composed)

    def _chosen(self, composed: text.Agreement | None) -> text.Agreement | None:
        """Return the whole text where it was changed, else the answers; a conflict is said."""
        data = self.whole.cleaned_data
        typed = data["toml"].replace("\r\n", "\n")
        if not self.is_text_only and _is_left(typed, data["toml_was"]):
            return composed
        try:
            content = text.Agreement.from_toml(typed, gettext("The text"))
        except BadInput as problem:
            self.whole.add_error("toml", str(problem))
            return None
        content = replace(content, signed=())
        if self.is_text_only or data["take_toml"] or self._agrees(composed, content):
            for form in self.forms:
                if form is not self.who:
                    forgive(form)
            return content
        self.whole.add_error(
            "toml",
            gettext(
                "Both this text and the answers above were changed, and they do not say the same. "
                "Say below that this text counts, or empty it: then the answers count."
            ),
        )
        return None

    def _is_overtaken(self) -> bool:
        """Whether the draft was changed by somebody else since the page was drawn; said once."""
        now = self.content.hash if self.content and self.frame.is_stored else ""
        if not now or self.data is None or self.data.get("base") == now:
            return False
        self.data["base"] = now
        self.whole.add_error(
            None,
            gettext(
                "Somebody else changed this draft meanwhile. Look at it in another window; "
                "keep yours once more to put it in its place."
            ),
        )
        return True

    def _agrees(self, composed: text.Agreement | None, content: text.Agreement) -> bool:
        """Whether the answers were left alone, or say the same as the whole text."""
        if composed is None:
            return self.is_simple
        return composed.hash in (self.whole.cleaned_data["made"], content.hash)

    @property
    def client(self) -> Organisation | None:
        """For whom it is: fixed, or as chosen."""
        if self.frame.client is not None or self.who is None:
            return self.frame.client
        if self.who.is_bound:
            return self.who.cleaned_data.get("client") if self.who.is_valid() else None
        chosen = self.who["client"].value()
        return Organisation.objects.filter(pk=chosen).first() if chosen else None

    def described_as(self) -> Described:
        """What stands beside the text; an option nobody named is called after its level or letter."""
        data = self.described.cleaned_data if self.described.is_bound else {}
        level = self.four.level if self.four else None
        name = data.get("name") or (level.name if level else gettext("As written"))
        return Described(name, data.get("covered", ""), data.get("not_covered", ""))

    def hush(self) -> None:
        """Draw what was sent without complaints: somebody is still writing."""
        for form in self.forms:
            forgive(form)
        for formset in self.rows.values():
            formset._non_form_errors = ErrorList()

    def drawn_as(self, content: text.Agreement) -> None:
        """Bring the whole text up to what the answers say, where nobody wrote in it."""
        if self.data is None or not _is_left(
            self.data.get("toml", ""), self.data.get("toml_was", "")
        ):
            return
        toml = content.to_toml()
        self.data["toml"], self.data["toml_was"] = toml, _print(toml)
        self.data["made"] = content.hash
        self.whole = asked.WholeForm(self.data)

    def _composed(self) -> text.Agreement:
        client = self.client
        rows = {part: list(_typed(part, formset)) for part, formset in self.rows.items()}
        terms = self.terms.cleaned_data
        head = {
            key: _said(terms[FIELDS.get(key, key)])
            for key in ("title", "services", "from", "to", "notice", "renews", "kind", "running")
        }
        head |= {key: terms[key] for key in ("review_per", "review_within", "credits_at_most")}
        if self.four and client is not None:
            self.four.answer(head, rows, client)
        name = client.name if client else ""
        answers = Answers(head, rows)
        return composing.content_of(
            answers, ref=self.frame.ref, client=name, provider=self.frame.provider.name
        )

    def _blame(self, problem: BadAnswer) -> None:
        """Put a complaint beside the field that it speaks of; else above everything."""
        part, row = str(problem.facts.get("part") or ""), problem.facts.get("row")
        name = str(problem.facts.get("field") or "")
        form: Form = self.terms
        if part and isinstance(row, int):
            box = self.four.place(part, row, name) if self.four else None
            shift = self.four.shift(part) if self.four else 0
            if box is not None:
                form, name = box
            elif row - shift < len(self.rows[part].forms):
                form = self.rows[part].forms[row - shift]
        elif name == "services" and self.four:
            form, name = self.four.what, "level"
        name = FIELDS.get(name, name)
        form.add_error(name if name in form.fields else None, str(problem))

    def blame_names(self, problem: BadInput) -> None:
        """Put what a verb refused beside whoever it names; else above everything."""
        said = str(problem)
        for form in (*self.rows["entitled"], *self.rows["escalation"]) if self.rows else ():
            typed = form.cleaned_data if hasattr(form, "cleaned_data") else {}
            for key in ("name", "funder", "person"):
                if typed.get(key) and repr(typed[key]) in said:
                    form.add_error(
                        key, gettext("This is not known here, or is the name of several.")
                    )
        field = str(problem.facts.get("field", ""))
        for form in (self.described, self.terms):
            if field in form.fields:
                form.add_error(field, said)
                return
        self.terms.add_error(None, said)


def _fits(content: text.Agreement) -> bool:
    """Whether the forms can hold all that a text says, so that saving them changes nothing."""
    parties = {"ref": content.ref, "client": content.client, "provider": content.provider}
    try:
        again = composing.content_of(composing.answers_of(content), **parties)
    except BadAgreement:
        return False
    most = {part: formset.max_num for part, formset in ROWS.items()}
    rows = composing.answers_of(content).rows
    chosen: list[tuple[str, ...]] = [content.services]
    chosen += [each.kinds + each.priorities for each in content.clauses]
    chosen += [work.kinds + work.priorities + work.services for work in content.workloads]
    chosen += [step.services for step in content.escalation]
    chosen += [who.services for who in content.entitled]
    chosen += [share.services for share in content.availability]
    return (
        again.hash == content.hash
        and all(len(rows[part]) <= most[part] for part in rows)
        and all(len(set(each)) == len(each) for each in chosen)
        and all(set(each.services) <= set(content.services) for each in content.entitled)
        and all(_hours_fit(name, hours) for name, hours in content.hours.items())
    )


def _hours_fit(name: str, hours: Hours) -> bool:
    form = CalendarRow(initial(hours, name))
    return form.is_valid() and form.hours == hours and form.cleaned_data["name"] == name


def _typed(part: str, formset: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a part as they were typed; one taken out says nothing."""
    for form in formset:
        data = dict(form.cleaned_data)
        if data.pop("DELETE", False):
            yield {}
        elif part == "hours":
            yield {"name": data.get("name"), "was": data.get("was"), "hours": form.hours}
        else:
            yield {key: _said(each) for key, each in data.items()}


def _said(found: Any) -> Any:
    return found.isoformat() if isinstance(found, date) else found


def _own_errors(form: Form) -> Iterable[Any]:
    return form.non_field_errors() if form.is_bound else ()


def forgive(form: forms.BaseForm) -> None:
    """Let a form be drawn without complaints."""
    form.__dict__["_errors"] = ErrorDict()


def _print(toml: str) -> str:
    return hashlib.sha256(toml.replace("\r\n", "\n").strip().encode()).hexdigest()


def _is_left(toml: str, was: str) -> bool:
    """Whether nobody wrote in the whole text, or emptied it: then the answers count."""
    return not toml.strip() or _print(toml) == was


def _total(data: QueryDict, part: str) -> int:
    found = data.get(f"{part}-TOTAL_FORMS", "0")
    return min(int(found), 1000) if found.isdecimal() and len(found) < 8 else 0


def _add_row(data: QueryDict, part: str, zone: str) -> None:
    n = _total(data, part)
    data[f"{part}-TOTAL_FORMS"] = str(n + 1)
    if part == "hours":
        data[f"hours-{n}-zone"] = zone
