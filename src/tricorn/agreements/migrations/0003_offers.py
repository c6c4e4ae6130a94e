import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("agreements", "0001_initial"),
        ("agreements", "0004_offers"),
        ("agreements", "0005_everyone_index"),
    ]

    dependencies = [
        ("agreements", "0002_reviews"),
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        ("standing", "0002_authority"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="parties.organisation",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offer",
                        to="agreements.version",
                    ),
                ),
                ("state", models.CharField(default="draft", max_length=10)),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("begun_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["client", "state"], name="offer_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("draft", "open", "agreed", "signed", "declined", "withdrawn"),
                            )
                        ),
                        name="offer_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "signed"), ("version__isnull", False)),
                            models.Q(
                                models.Q(("state", "signed"), _negated=True),
                                ("version__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="offer_signed_has_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="agreements.offer",
                    ),
                ),
                ("letter", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=120)),
                ("covered", models.TextField(blank=True, default="")),
                ("not_covered", models.TextField(blank=True, default="")),
                ("draft", models.TextField(blank=True, default="")),
                ("state", models.CharField(default="draft", max_length=10)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("key", models.BinaryField(null=True)),
                (
                    "services",
                    models.ManyToManyField(related_name="options", to="catalogue.service"),
                ),
            ],
            options={
                "ordering": ["offer", "letter"],
                "indexes": [models.Index(fields=["state", "answered_at"], name="option_answered")],
                "constraints": [
                    models.UniqueConstraint(fields=("offer", "letter"), name="option_letter_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "open", "accepted", "declined", "withdrawn"))
                        ),
                        name="option_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "accepted")),
                        fields=("offer",),
                        name="option_accepted_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="agreements.option",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["option", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("option", "number"), name="wording_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked",
                        to="agreements.wording",
                    ),
                ),
                ("part", models.CharField(max_length=20)),
                ("item", models.CharField(blank=True, default="", max_length=120)),
                ("field", models.CharField(blank=True, default="", max_length=40)),
                ("value", models.CharField(blank=True, default="", max_length=200)),
                ("reason", models.TextField()),
                ("key", models.BinaryField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "taken_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="agreements.wording",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "taken", "refused", "withdrawn"])
                        ),
                        name="change_asked_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assents",
                        to="agreements.wording",
                    ),
                ),
                ("side", models.CharField(max_length=10)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "acting_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standing.authority",
                    ),
                ),
                ("capacity", models.CharField(blank=True, default="", max_length=120)),
                ("method", models.CharField(max_length=10)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("hash", models.CharField(max_length=64)),
                ("head", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("wording", "person"), name="assent_once"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("client", "provider"))), name="assent_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["code", "paper"])), name="assent_method"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.wording",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("nonce", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "wording", "sent_at"], name="signing_code_last")
                ],
            },
        ),
    ]
