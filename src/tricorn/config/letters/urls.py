"""The addresses of Letters, which stand under Manage: named by the setting MANAGE_GUESTS."""

from __future__ import annotations

from django.urls import path

from tricorn.config.letters import out, senders, words

urlpatterns = [
    path("letters/", words.letters, name="letters"),
    path("letters/words/<slug:words>/", words.letter, name="letters-words"),
    path("letters/words/<slug:words>/preview/", words.preview, name="letters-preview"),
    path("letters/words/<slug:words>/shipped/", words.shipped_again, name="letters-shipped"),
    path("letters/out/", out.letters_out, name="letters-out"),
    path("letters/out/<int:mailed>/again/", out.again, name="letters-again"),
    path("letters/out/<int:mailed>/give-up/", out.give_up, name="letters-give-up"),
    path("letters/from/", senders.senders, name="letters-from"),
    path("letters/from/<int:service>/", senders.sender, name="letters-from-service"),
]
