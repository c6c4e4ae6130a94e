"""Do the personal texts still say what the journal saw? Their keyed hashes tell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tricorn.journal.models import Line
from tricorn.journal.verbs import digest
from tricorn.knowledge.models import Feedback
from tricorn.tickets.models import Message, Rating, Ticket
from tricorn.tickets.verbs.fields import digest_of


def changed_texts() -> Iterator[str]:
    """Yield a sentence for each text that is not what its journal line saw.

    A text whose key was destroyed is erased and says nothing any more; that is no problem.
    """
    seen = set(Line.objects.exclude(digest="").values_list("digest", flat=True).iterator())
    # What an import brought has one line for a whole ticket; its row alone keeps the hash.
    seen |= set(Message.objects.filter(by_kind="import").values_list("digest", flat=True))
    messages = Message.objects.values_list("pk", "ticket_id", "key", "text").order_by("pk")
    ratings = Rating.objects.exclude(text="").values_list("pk", "ticket_id", "key", "text")
    said = Feedback.objects.exclude(comment="").values_list("pk", "article_id", "key", "comment")
    for number, article, key, text in said.iterator():
        if key and digest(bytes(key), text) not in seen:
            yield f"The comment {number} on article {article} is not what the journal saw."
    for what, (number, ticket, key, text) in chain(
        (("message", row) for row in messages.iterator()),
        (("rating", row) for row in ratings.iterator()),
    ):
        if key and digest(bytes(key), text) not in seen:
            yield f"The text of {what} {number} on T-{ticket} is not what the journal saw."
    answered = Ticket.objects.exclude(fields_key=b"").only("pk", "fields", "fields_key")
    for each in answered.iterator():
        if digest_of(each) not in seen:
            yield f"What is answered on {each.ref} is not what the journal saw."
