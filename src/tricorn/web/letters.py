"""Why a letter did not go out, in words: at Manage, and at the desk under the answer itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = {
    "late": _("It could not be sent while it was still news."),
    "refused": _("The mail server refused it for good."),
    "tries": _("The mail server could not be reached, or did not take it, for two days."),
    "unreachable": _("Letters to this address come back."),
    "automatic": _("It would have answered a machine."),
    "given_up": _("Somebody said that it need not go out."),
    "many": _("This address got too many receipts within an hour."),
    "own": _("The address is one of our own."),
}
