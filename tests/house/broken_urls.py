"""Addresses of a house in which something fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tricorn.config.urls import handler500

__all__ = ["handler500"]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("This page fails, to see what is answered.")


urlpatterns = [path("", fail)]
