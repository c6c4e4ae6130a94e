"""Every kind of letter: what it is for, when it goes out, and what its words may name."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Said = str | Promise


@dataclass(frozen=True)
class Name:
    """Something that a letter may name: its name, what it is, and an example for the preview."""

    name: str
    means: Said
    example: Said


@dataclass(frozen=True)
class Kind:
    """One kind of letter. `must` are the names without which it would say nothing."""

    code: str
    title: Said
    when: Said
    names: tuple[Name, ...]
    must: tuple[str, ...] = ()

    @property
    def known(self) -> set[str]:
        return {each.name for each in self.names}

    @property
    def example(self) -> dict[str, str]:
        return {each.name: str(each.example) for each in self.names}


REF = Name("ref", _("the reference"), "T-2041")
ABOUT = Name(
    "about",
    _("what was reported, in one line; “your report” to an address that nobody proved"),
    _("Mail is slow since Monday"),
)
SERVICE = Name("service", _("the service"), _("Mail"))
PROVIDER = Name("provider", _("who provides the services"), "House IT")
SIGNATURE = Name(
    "signature", _("the signature of the service, else the provider's name"), "House IT"
)
LINK = Name(
    "link",
    _("where it can be read and answered; empty while no public address is set"),
    "https://help.example.org/t/T-2041/",
)
ANSWER = Name(
    "text",
    _("what the desk wrote"),
    _("The mailbox was full. We moved what is older than a year to the archive.\n\nIs it better?"),
)
APPROVAL = (
    Name("deed", _("what is asked for, as a sentence"), _("Your approval is needed for Finance:")),
    Name("words", _("what it is about"), _("Saturday cover for Mail")),
    Name("services", _("the services, by comma"), _("Mail, Laptop")),
    Name("amount", _("the amount, if there is one"), "4,800 EUR a year"),
    Name("asker", _("who asks"), "Mo"),
    Name("since", _("the day it was asked"), "12 October 2026"),
    Name("needed", _("how many must say yes; empty when one is enough"), "2"),
    Name("names", _("who may decide, after three reminders"), "Clive, Cleo"),
    Name("nobody", _("a sentence, when nobody may decide it any more"), ""),
    LINK,
    PROVIDER,
    SIGNATURE,
)
SETTINGS = Name(
    "settings",
    _("where one chooses what to be told; empty while no public address is set"),
    "https://help.example.org/notices/settings/",
)
# Where one says how it was: each score has a link of its own. Empty for whom we do not ask.
SCORES = (
    Name(
        "very_good", _("where one says that it was very good"), "https://help.example.org/how/a/5/"
    ),
    Name("good", _("... good"), "https://help.example.org/how/a/4/"),
    Name("so_so", _("... so-so"), "https://help.example.org/how/a/3/"),
    Name("bad", _("... bad"), "https://help.example.org/how/a/2/"),
    Name("very_bad", _("... very bad"), "https://help.example.org/how/a/1/"),
    Name(
        "never_again",
        _("where one asks not to be asked again"),
        "https://help.example.org/quiet/a/",
    ),
)
ANSWERED = (REF, ABOUT, SERVICE, ANSWER, LINK, PROVIDER, SIGNATURE)

KINDS = {
    each.code: each
    for each in (
        Kind(
            "receipt",
            _("Receipt"),
            _("A report has come in, or one that was held was released."),
            (
                REF,
                ABOUT,
                SERVICE,
                Name(
                    "answer_by", _("by when we promised to answer, if we did"), _("Monday, 16:00")
                ),
                LINK,
                Name(
                    "caution",
                    _("a warning that the link is private; empty for who has an account"),
                    "",
                ),
                PROVIDER,
                SIGNATURE,
            ),
            ("ref",),
        ),
        Kind("answer", _("Answer"), _("The desk has answered."), ANSWERED, ("text",)),
        Kind(
            "outcome", _("Outcome"), _("The desk has resolved it."), (*ANSWERED, *SCORES), ("text",)
        ),
        Kind(
            "asked",
            _("Something to decide"),
            _("Somebody's approval or signature is asked for."),
            APPROVAL,
            ("words",),
        ),
        Kind(
            "reminded",
            _("Reminder to decide"),
            _("After three, six and nine days without an answer."),
            APPROVAL,
            ("words",),
        ),
        Kind(
            "escalated",
            _("Nobody has decided"),
            _("After three reminders, to those around."),
            APPROVAL,
            ("words",),
        ),
        Kind(
            "code",
            _("Code to sign in"),
            _("Somebody asked for a code."),
            (
                Name("code", _("the code"), "K7QF-22"),
                Name("link", LINK.means, "https://help.example.org/login/?code=K7QF-22"),
                PROVIDER,
                SIGNATURE,
            ),
            ("code",),
        ),
        Kind(
            "notice",
            _("Notice about an agreement"),
            _("An offer, a review, delivered work, a trial or a term needs attention."),
            (
                Name("subject", _("what it is about, in one line"), _("Mail for Finance ends")),
                Name("text", _("what there is to say"), _("Mail for Finance ends on 3 May 2027.")),
                LINK,
                PROVIDER,
                SIGNATURE,
            ),
            ("text",),
        ),
        Kind(
            "told",
            _("Something happened"),
            _("At once, to who chose that: named in a note, a promise late, a reminder due."),
            (
                Name("happened", _("what happened"), _("You are named in a note")),
                REF,
                ABOUT,
                SERVICE,
                LINK,
                SETTINGS,
                PROVIDER,
                SIGNATURE,
            ),
            ("happened",),
        ),
        Kind(
            "digest",
            _("Digest"),
            _("At seven in the morning, to who chose to be told once a day."),
            (
                Name("count", _("how many things happened"), "2"),
                Name(
                    "text",
                    _("what happened, one thing a line"),
                    _("- T-2041, Mail is slow since Monday: It was opened again"),
                ),
                LINK,
                SETTINGS,
                PROVIDER,
                SIGNATURE,
            ),
            ("text",),
        ),
    )
}
