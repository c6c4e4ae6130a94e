"""Mail that comes in: where it is fetched, every letter that came, whom it concerns besides."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person
from tricorn.tickets.models.talk import Message
from tricorn.tickets.models.ticket import KINDS, Ticket

TRANSPORTS = ("imap", "lmtp")
SECURITIES = ("ssl", "starttls", "plain")
# By its password, or by an access token: with the consent of the mailbox, or the program's own.
SIGN_INS = ("password", "refresh", "client")
ARRIVAL_STATES = ("bounce", "discarded", "filed", "ignored", "new", "quarantined")
ORDERS = ("", "new", "ticket")


class Mailbox(models.Model):
    """An address that letters come to: what they are about, and how they are fetched.

    `secret` is its password, `client_secret` and `refresh_token` what an access token is asked for
    with: all sealed with the secret of the installation. A closed one takes nothing any more.
    """

    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=100)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="mailboxes")
    kind = models.CharField(max_length=10, default="incident")
    transport = models.CharField(max_length=4, default="imap")
    host = models.CharField(max_length=253, default="", blank=True)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, default="ssl")
    login = models.CharField(max_length=254, default="", blank=True)
    sign_in = models.CharField(max_length=8, default="password")
    secret = models.TextField(default="", blank=True)
    token_url = models.CharField(max_length=500, default="", blank=True)
    client_id = models.CharField(max_length=254, default="", blank=True)
    client_secret = models.TextField(default="", blank=True)
    scope = models.CharField(max_length=500, default="", blank=True)
    refresh_token = models.TextField(default="", blank=True)
    folder = models.CharField(max_length=100, default="INBOX")
    done_folder = models.CharField(max_length=100, default="", blank=True)
    is_open = models.BooleanField(default=True)
    last_seen = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(Lower("address"), name="mailbox_address_once"),
            models.CheckConstraint(name="mailbox_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="mailbox_transport", condition=Q(transport__in=TRANSPORTS)),
            models.CheckConstraint(name="mailbox_security", condition=Q(security__in=SECURITIES)),
            models.CheckConstraint(name="mailbox_sign_in", condition=Q(sign_in__in=SIGN_INS)),
            models.CheckConstraint(
                name="mailbox_token_has_place",
                condition=Q(sign_in="password") | (~Q(token_url="") & ~Q(client_id="")),
            ),
            models.CheckConstraint(
                name="mailbox_imap_has_host", condition=~Q(transport="imap") | ~Q(host="")
            ),
        ]

    def __str__(self) -> str:
        return self.address


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def with_state(self, state: str) -> Self:
        return self.filter(state=state) if state else self


class Arrival(models.Model):
    """One letter as it came. Its bytes are a file of their own, stored before anybody says "taken".

    `mail_id` is its Message-ID; `delivered_to` are the addresses of ours that it was brought to.
    `order` is what a manager said: file it as new, or to the ticket that stands beside it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="arrivals")
    delivered_to = models.TextField(default="", blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=11, default="new")
    reason = models.CharField(max_length=20, default="", blank=True)
    detail = models.CharField(max_length=300, default="", blank=True)
    mail_id = models.CharField(max_length=500, default="", blank=True)
    sender = models.CharField(max_length=254, default="", blank=True)
    subject = models.CharField(max_length=200, default="", blank=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    order = models.CharField(max_length=6, default="", blank=True)
    ordered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="arrival_state", condition=Q(state__in=ARRIVAL_STATES)),
            models.CheckConstraint(name="arrival_order", condition=Q(order__in=ORDERS)),
            # Two copies of one letter make one ticket, also when two workers file them at once.
            models.UniqueConstraint(
                name="arrival_filed_once",
                fields=["mail_id"],
                condition=Q(state="filed", order="") & ~Q(mail_id=""),
            ),
        ]
        indexes = [
            # What is to be filed next? A few among very many.
            models.Index(name="arrival_new", fields=["not_before", "id"], condition=Q(state="new")),
            # The list of letters in one state, newest first.
            models.Index(name="arrival_listed", fields=["state", "-id"]),
            # How many did this sender send within the hour?
            models.Index(name="arrival_sender", fields=["sender", "received_at"]),
            # Did this letter come before? To what was the letter that this one answers filed?
            models.Index(name="arrival_mail_id", fields=["mail_id"], condition=~Q(mail_id="")),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}: {self.state}"


class Copied(models.Model):
    """An address beside a ticket's own people that gets every public answer: it stood in Cc."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="copied")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=100, default="", blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "copied"
        constraints = [
            models.UniqueConstraint(name="copied_once", fields=["ticket", "address"]),
        ]

    def __str__(self) -> str:
        return self.address


class Unreachable(models.Model):
    """An address (in small letters) that a letter of ours came back from for good; none goes there."""

    address = models.EmailField(max_length=254, unique=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "unreachable"

    def __str__(self) -> str:
        return self.address
