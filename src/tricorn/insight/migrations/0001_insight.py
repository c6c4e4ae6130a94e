import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("insight", "0001_initial"), ("insight", "0002_replays")]

    initial = True

    dependencies = [
        ("agreements", "0003_offers"),
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted",
                        to="agreements.agreement",
                    ),
                ),
                ("month", models.CharField(max_length=7)),
                ("read_at", models.DateTimeField()),
                ("fewest", models.PositiveSmallIntegerField()),
                ("tickets", models.PositiveIntegerField()),
                ("figures", models.JSONField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "counted",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "month", "read_at", "fewest"), name="counted_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("side", models.CharField(max_length=10)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="parties.organisation",
                    ),
                ),
                ("source", models.CharField(max_length=10)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("zone", models.CharField(max_length=64)),
                ("file_name", models.CharField(blank=True, default="", max_length=120)),
                ("file_size", models.BigIntegerField(default=0)),
                ("file_hash", models.CharField(blank=True, default="", max_length=64)),
                ("format", models.CharField(blank=True, default="", max_length=30)),
                ("map_text", models.TextField(blank=True, default="")),
                ("learns", models.BooleanField(default=False)),
                ("told", models.JSONField(default=dict)),
                ("present", models.TextField(blank=True, default="")),
                ("rates", models.TextField(blank=True, default="")),
                ("team", models.TextField(blank=True, default="")),
                ("priorities", models.JSONField(default=dict)),
                ("priority_at", models.CharField(default="final", max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("doing", models.CharField(blank=True, default="", max_length=200)),
                ("problem", models.TextField(blank=True, default="")),
                ("edition", models.PositiveIntegerField(default=1)),
                ("answer", models.JSONField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                (
                    "offer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="agreements.offer",
                    ),
                ),
                ("offer_asked_at", models.DateTimeField(null=True)),
                (
                    "services",
                    models.ManyToManyField(related_name="replays", to="catalogue.service"),
                ),
                (
                    "agreements",
                    models.ManyToManyField(related_name="replays", to="agreements.agreement"),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["reading", "simulating"])),
                        fields=["id"],
                        name="replay_waits",
                    ),
                    models.Index(
                        condition=models.Q(("kept_at__isnull", True)),
                        fields=["changed_at"],
                        name="replay_left",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("failed", "kept", "reading", "ready", "simulating"))
                        ),
                        name="replay_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("client", "provider"))), name="replay_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side", "provider"), ("client__isnull", False), _connector="OR"
                        ),
                        name="replay_client_has_client",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first_on__isnull", False),
                                ("last_on__isnull", False),
                                ("source", "own"),
                            ),
                            ("source", "upload"),
                            _connector="OR",
                        ),
                        name="replay_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplayOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "replay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="insight.replay",
                    ),
                ),
                ("letter", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("is_wanted", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["replay", "letter"],
                "constraints": [
                    models.UniqueConstraint(fields=("replay", "letter"), name="replay_option_once")
                ],
            },
        ),
    ]
