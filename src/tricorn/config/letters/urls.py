"""The addresses of Letters, which stand under Manage: named by the setting MANAGE_GUESTS."""

from __future__ import annotations

from django.urls import path

from tricorn.config.letters import out, senders, words

urlpatterns = [
    path("outgoing/", words.letters, name="letters"),
    path("outgoing/words/<slug:words>/", words.letter, name="letters-words"),
    path("outgoing/words/<slug:words>/preview/", words.preview, name="letters-preview"),
    path("outgoing/words/<slug:words>/shipped/", words.shipped_again, name="letters-shipped"),
    path("outgoing/out/", out.letters_out, name="letters-out"),
    path("outgoing/out/<int:mailed>/again/", out.again, name="letters-again"),
    path("outgoing/out/<int:mailed>/give-up/", out.give_up, name="letters-give-up"),
    path("outgoing/from/", senders.senders, name="letters-from"),
    path("outgoing/from/<int:service>/", senders.sender, name="letters-from-service"),
]
