"""The address of a page as somebody outside would type it."""

from __future__ import annotations

from django.conf import settings

from tricorn.web.requests import TricornRequest


def public_url(request: TricornRequest) -> str:
    """Return where people reach this house from outside; empty while nobody has said so."""
    house = request.who.house
    return str(settings.PUBLIC_URL or (house.public_url.rstrip("/") if house else ""))


def address(request: TricornRequest, path: str) -> str:
    """Return a path with the public address before it, else with the address it was asked by."""
    known = public_url(request)
    return f"{known or f'{request.scheme}://{request.get_host()}'}{path}"
