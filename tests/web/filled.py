"""A page's form as a browser would send it: read from the page, changed like somebody typing."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, Any], dict[str, list[str]]]] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append((found, {}))
        name = found.get("name") or ""
        if tag == "option" and self._select:
            self._select[1].append((found.get("value") or "", "selected" in found))
        if not name or not self.forms:
            return
        kind = found.get("type") or "text"
        if tag == "select":
            self._select = (name, [])
        elif tag == "textarea":
            self._area = (name, [])
        is_box = kind in ("checkbox", "radio")
        if tag == "input" and kind not in ("submit", "file") and (not is_box or "checked" in found):
            self._sent(name, found.get("value", "on" if is_box else "") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, is_chosen in options if is_chosen]
            if chosen or options:
                self._sent(name, (chosen or [options[0][0]])[0])
            self._select = None
        if tag == "textarea" and self._area:
            text = "".join(self._area[1])
            self._sent(self._area[0], text.removeprefix("\r\n").removeprefix("\n"))
            self._area = None

    def _sent(self, name: str, value: str) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)


def filled(response: Any, form: str = "offer-form", **changes: Any) -> dict[str, Any]:
    """Return what the form with this id would send, with some fields typed over.

    A field whose name has a dash is written with two underscores: `fast__share="99"`.
    """
    reader = _Forms()
    reader.feed(response.content.decode())
    sent = next(data for attrs, data in reader.forms if attrs.get("id") == form)
    sent.pop("csrfmiddlewaretoken", None)
    typed = {key.replace("__", "-"): value for key, value in changes.items()}
    return {**sent, **typed}
