import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("tickets", "0012_mail")]

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("tickets", "0004_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=100)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailboxes",
                        to="catalogue.service",
                    ),
                ),
                ("kind", models.CharField(default="incident", max_length=10)),
                ("transport", models.CharField(default="imap", max_length=4)),
                ("host", models.CharField(blank=True, default="", max_length=253)),
                ("port", models.PositiveIntegerField(default=993)),
                ("security", models.CharField(default="ssl", max_length=8)),
                ("login", models.CharField(blank=True, default="", max_length=254)),
                ("secret", models.TextField(blank=True, default="")),
                ("folder", models.CharField(default="INBOX", max_length=100)),
                ("done_folder", models.CharField(blank=True, default="", max_length=100)),
                ("is_open", models.BooleanField(default=True)),
                ("last_seen", models.DateTimeField(blank=True, null=True)),
                ("last_problem", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "verbose_name_plural": "mailboxes",
                "ordering": ["address"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("address"),
                        name="mailbox_address_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("complaint", "incident", "praise", "question", "request", "wish"),
                            )
                        ),
                        name="mailbox_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("transport__in", ("imap", "lmtp"))),
                        name="mailbox_transport",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("security__in", ("ssl", "starttls", "plain"))),
                        name="mailbox_security",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("transport", "imap"), _negated=True),
                            models.Q(("host", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="mailbox_imap_has_host",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField()),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="tickets.mailbox",
                    ),
                ),
                ("delivered_to", models.TextField(blank=True, default="")),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=11)),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("detail", models.CharField(blank=True, default="", max_length=300)),
                ("mail_id", models.CharField(blank=True, default="", max_length=500)),
                ("sender", models.CharField(blank=True, default="", max_length=254)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="tickets.message",
                    ),
                ),
                ("order", models.CharField(blank=True, default="", max_length=6)),
                (
                    "ordered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "new")),
                        fields=["not_before", "id"],
                        name="arrival_new",
                    ),
                    models.Index(fields=["state", "-id"], name="arrival_listed"),
                    models.Index(fields=["sender", "received_at"], name="arrival_sender"),
                    models.Index(
                        condition=models.Q(("mail_id", ""), _negated=True),
                        fields=["mail_id"],
                        name="arrival_mail_id",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("bounce", "discarded", "filed", "ignored", "new", "quarantined"),
                            )
                        ),
                        name="arrival_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("order__in", ("", "new", "ticket"))),
                        name="arrival_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("order", ""),
                            ("state", "filed"),
                            models.Q(("mail_id", ""), _negated=True),
                        ),
                        fields=("mail_id",),
                        name="arrival_filed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Copied",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copied",
                        to="tickets.ticket",
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "copied",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "address"), name="copied_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Unreachable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, unique=True)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "verbose_name_plural": "unreachable",
                "ordering": ["address"],
            },
        ),
    ]
