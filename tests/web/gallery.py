"""Every part of the look on pages as they could be, drawn without database or server.

`python -m tests.web.gallery FOLDER` writes them as files beside the style sheets, to look at.
"""

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import django
import django_htmx
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Engine
from django.urls import include, path

from tricorn.web import charts, labels
from tricorn.web.forms import Renderer

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tricorn" / "web"
PAGES = Path(__file__).with_name("pages")
ZONE = ZoneInfo("Europe/Vienna")
AT = datetime(2026, 11, 21, 13, 10, tzinfo=UTC)
NAMES = {
    "report": "Report",
    "my": "My services",
    "decide": "Decide",
    "desk": "Desk",
    "manage": "Manage",
}
CAST = [
    ("Una", "reads in the library"),
    ("Cleo", "works in Finance"),
    ("Clive", "heads Finance, signed 8-to-8"),
    ("Desi", "at the desk"),
    ("Mo", "manages the services"),
]
WHO = {"report": None, "my": "Cleo", "decide": "Clive", "desk": "Desi", "manage": "Mo", "": None}

LIBRARIES = {
    "tricorn": "tricorn.web.templatetags.tricorn",
    "i18n": "django.templatetags.i18n",
    "static": "django.templatetags.static",
    "django_htmx": "django_htmx.templatetags.django_htmx",
}


class AskForm(forms.Form):
    default_renderer = Renderer
    text = forms.CharField(label="What’s wrong, or what do you need?", widget=forms.Textarea)
    photo = forms.FileField(
        label="A photo",
        required=False,
        help_text="JPEG or PNG, up to 8 MB. Its place and time are removed.",
    )
    mail = forms.EmailField(
        label="Your mail address", required=False, help_text="Only if you want an answer."
    )


class OfferForm(forms.Form):
    default_renderer = Renderer
    name = forms.CharField(label="What is it called?")
    hours = forms.ChoiceField(
        label="Hours", choices=[("a", "Business days 8 to 20"), ("b", "Always")]
    )
    how = forms.ChoiceField(
        label="Who may use it?",
        widget=forms.RadioSelect,
        choices=[("org", "Everyone in an organisation"), ("people", "Named people")],
    )
    starts = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    public = forms.BooleanField(label="Show on the status page", required=False)


def days(count, start="08:00", end="20:00"):
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return [charts.WeekWindow(day, first, last) for day in range(count)]


MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
SHARES = (0.97, 0.955, 0.94, 0.91, 0.93, 0.96, 0.97, None, 0.95, 0.94, 0.962, 0.958)


def pictures():
    points = tuple(
        charts.Month(
            name,
            value,
            None if value is None else value - 0.03,
            None if value is None else min(1.0, value + 0.02),
            0 if value is None else 200 + 11 * index,
        )
        for index, (name, value) in enumerate(zip(MONTHS, SHARES, strict=True))
    )
    volume = tuple(charts.Month(name, 210 + (i * 37) % 90, n=None) for i, name in enumerate(MONTHS))
    return {
        "on_time": charts.Share("On time in October", 0.962, 0.93, 0.98, 0.95, 312),
        "nothing": charts.Share("On time in August", None),
        "volume": charts.Months("Reports per month", volume, unit="count"),
        "year": charts.Months("On time, month by month", points, target=0.95),
        "waited": charts.Bars(
            "Hours waited while closed",
            (
                charts.Bar("Mail", 46, "46 h"),
                charts.Bar("Laptop", 12.5, "12 h 30 min"),
                charts.Bar("Meeting rooms", None, note="fewer than five"),
            ),
        ),
    }


def ticket(ref, what, who, service, state, *, due=None, held=None, kind="incident", priority=3):
    due_at = None if due is None else AT + timedelta(minutes=due)
    return SimpleNamespace(
        ref=ref, what=what, who=who, service=service, state=state, due_at=due_at, held=held,
        kind=kind, priority=priority, opened_at=AT - timedelta(hours=7),
    )  # fmt: skip


TICKETS = [
    ticket("T-2041", "Mail is slow since Monday", "Cleo", "Mail", "open", due=-40, priority=1),
    ticket("T-2038", "Lift stuck on floor 2", "a visitor", "Lifts", "new", due=12, priority=1),
    ticket("T-2044", "Laptop does not charge", "Una", "Laptop", "open", due=150, priority=2),
    ticket("T-2029", "New hire needs access to the ledger before Tuesday morning", "Clive",
           "Access", "waiting", due=2900, held="client", kind="request"),
    ticket("T-2051", "Could the reading room open on Sundays?", "a reader", "Reading room", "open",
           kind="wish", priority=4),
    ticket("T-2012", "Projector shows green", "Mo", "Rooms", "resolved", due=5000, priority=4),
]  # fmt: skip


def context(door, theme=""):
    current = WHO[door]
    page = Paginator(range(312), 50).page(2)
    bound = OfferForm({"name": "", "hours": "a", "how": "nobody", "starts": "soon"})
    doors = [
        SimpleNamespace(key=key, url=f"{key}.html", name=name, current=key == door)
        for key, name in NAMES.items()
    ]
    return {
        "door": door,
        "at": AT,
        "zone": ZONE,
        "request": SimpleNamespace(GET=QueryDict("saved=late"), at=AT),
        "provider_name": "Riverside House",
        "danger_number": "5555",
        "doors": doors if door in {"decide", "desk", "manage"} else [],
        "person": SimpleNamespace(name=current) if current else None,
        "demo_people": [
            SimpleNamespace(name=name, what=what, url="#", current=name == current)
            for name, what in CAST
        ],
        "form": AskForm(),
        "wrong": bound,
        "tickets": TICKETS,
        "page": page,
        "windows": [*days(5), charts.WeekWindow(5, 9 * 60, 13 * 60)],
        "night": [*days(7, "22:00", "30:00")],
        "states": labels.STATES,
        "kinds": labels.KINDS,
        "priorities": labels.PRIORITIES,
        "moments": [AT + timedelta(hours=h) for h in (-4000, -90, -20, -2, 1, 20, 43, 400, 9000)],
        "said": "It started on Monday.\nSee https://status.example/ for what I see.",
        "sentence": "Cannot resolve a ticket that is new. From new you can: open, cancel, merge.",
        **pictures(),
    }


ENGINE = Engine(dirs=[str(SOURCE / "templates"), str(PAGES)], libraries=LIBRARIES)
DOORS = {
    "report": "report",
    "thanks": "report",
    "my": "my",
    "decide": "decide",
    "desk": "desk",
    "ticket": "desk",
    "manage": "manage",
    "parts": "my",
    "404": "",
    "refusal": "",
    "500": "",
}


def draw(name):
    """Return one page of the gallery as HTML."""
    return ENGINE.get_template(f"{name}.html").render(Context(context(DOORS[name])))


def nothing(request):
    raise NotImplementedError


urlpatterns = [
    path("in/", nothing, name="account_login"),
    path("out/", nothing, name="account_logout"),
    path("leave/", nothing, name="demo-leave"),
    path("desk/", include(([path("search/", nothing, name="search")], "desk"))),
]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for static in (SOURCE / "static", Path(django_htmx.__file__).with_name("static")):
        shutil.copytree(static, folder / "static", dirs_exist_ok=True)
    for name in DOORS:
        text = draw(name).replace('"/static/', '"static/')
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "tricorn.web"],
        LANGUAGE_CODE="en",
        STATIC_URL="static/",
        ROOT_URLCONF="tests.web.gallery",
        USE_TZ=True,
        FORM_RENDERER="tricorn.web.forms.Renderer",
    )
    django.setup()
    main(Path(sys.argv[1]))
