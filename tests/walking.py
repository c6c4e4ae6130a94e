"""Reading the pages as a browser does: from each person's first pages along every link."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

# What a person must not lose by a test that goes on with them.
NOT_PRESSED = {"account_logout"}
TYPED = {
    "text",
    "search",
    "email",
    "tel",
    "number",
    "date",
    "datetime-local",
    "url",
    "password",
    "",
}


@dataclass
class Form:
    """A form as a page holds it: where it is sent, by which method, what is in it."""

    action: str
    method: str
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    chosen: dict[str, str] = field(default_factory=dict)

    def filled(self, value: str) -> dict[str, object]:
        """Return what a browser would send when every box holds this."""
        sent: dict[str, object] = dict(self.chosen) | dict.fromkeys(self.typed, value)
        if value:
            data = value.encode()[:1000]
            sent |= {name: SimpleUploadedFile(f"{value[:50]}.jpg", data) for name in self.files}
        return sent

    def forged(self, value: str) -> dict[str, object]:
        """Return what a program could send instead: this in every field there is."""
        return dict.fromkeys({*self.typed, *self.chosen}, value)


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path, self.html, self.links, self.forms = path, html, [], []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a":
            self.links.append(urljoin(self.path, given.get("href", "")))
        elif tag == "form":
            action = urljoin(self.path, given.get("action", ""))
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "textarea" or (tag == "input" and given.get("type", "") in TYPED):
            self.forms[-1].typed.add(name)
        elif tag == "input" and given.get("type") == "file":
            self.forms[-1].files.add(name)
        elif tag in ("input", "button") and name:
            self.forms[-1].chosen[name] = given.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].chosen[self._select] = given.get("value", "")
        elif tag == "option" and self._select:
            self.forms[-1].chosen.setdefault(self._select, given.get("value", ""))


def walk(client: Client, starts: list[str]) -> Iterator[Page]:
    """Read these pages, and one page of each kind that one reaches from them."""
    waiting, known = deque(starts), {kind_of(path) for path in starts}
    while waiting:
        path = waiting.popleft()
        response = client.get(path, follow=True)
        path = response.request["PATH_INFO"] if response.redirect_chain else path
        assert response.status_code < 500, path
        assert path in starts or response.status_code != 404, f"A link leads to nothing: {path}"
        is_page = "html" in response.get("Content-Type", "") and not response.streaming
        if not is_page or not response.content:
            continue
        page = Page(path, response.content.decode())
        yield page
        for link in page.links:
            if _is_ours(link) and kind_of(link) not in known:
                known.add(kind_of(link))
                waiting.append(link)


def forms_of(pages: Iterator[Page]) -> list[Form]:
    """Return the forms on these pages, of each address those that ask what none before it asked."""
    found, asked = [], {}
    for form in (form for page in pages for form in page.forms):
        name = resolve(urlsplit(form.action).path).view_name
        before = asked.setdefault((name, form.method), set())
        asks = {"", *form.typed, *form.files, *form.chosen}
        if name not in NOT_PRESSED and not asks <= before:
            found.append(form)
            before |= asks
    return found


def kind_of(link: str) -> tuple[str, bool]:
    """What tells one page from another of its kind: its address by name, and whether it asks."""
    parts = urlsplit(link)
    return resolve(parts.path).view_name, len(parts.query) > 0


def _is_ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/static/"))
