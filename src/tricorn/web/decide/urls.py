"""Addresses of Decide. The door opens to who signs, pays, accepts or oversees."""

from __future__ import annotations

from django.urls import path

from tricorn.web.decide import agreement, front

app_name = "decide"

urlpatterns = [
    path("", front.front, name="front"),
    path("a/<path:ref>/v<int:number>.json", agreement.as_json, name="agreement-json"),
    path("a/<path:ref>/v<int:number>.toml", agreement.as_toml, name="agreement-toml"),
    path("a/<path:ref>/v<int:number>/", agreement.version, name="agreement-version"),
    path("a/<path:ref>/", agreement.newest, name="agreement"),
]
