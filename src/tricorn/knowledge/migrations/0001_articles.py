import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("audience", models.CharField(default="everybody", max_length=10)),
                ("language", models.CharField(default="en", max_length=10)),
                ("newest", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="articles", to="catalogue.service"
                    ),
                ),
                (
                    "places",
                    models.ManyToManyField(blank=True, related_name="articles", to="parties.place"),
                ),
            ],
            options={
                "ordering": ["title", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["title"],
                        name="article_readable",
                    ),
                    models.Index(fields=["-changed_at", "-id"], name="article_changed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("draft", "published", "retired"))),
                        name="article_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience__in", ("desk", "entitled", "everybody", "signed_in"))
                        ),
                        name="article_audience",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="knowledge.article",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("summary", models.CharField(blank=True, default="", max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "number"), name="articleversion_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="published",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="knowledge.articleversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("published__isnull", False),
                    _connector="OR",
                ),
                name="article_published_has_a_version",
            ),
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="knowledge.article",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.articleversion",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("once", models.CharField(blank=True, default="", max_length=64)),
                ("where", models.CharField(default="page", max_length=10)),
                ("solved", models.BooleanField()),
                ("comment", models.TextField(blank=True, default="")),
                ("key", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "feedback",
                "indexes": [
                    models.Index(
                        condition=models.Q(("comment", ""), _negated=True),
                        fields=["article", "-at"],
                        name="feedback_said",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("where__in", ("desk", "intake", "page"))),
                        name="feedback_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("once", ""), _connector="OR"),
                        name="feedback_of_a_person_or_a_page",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("article", "person"),
                        name="feedback_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("once", ""), _negated=True),
                        fields=("article", "once"),
                        name="feedback_page_once",
                    ),
                ],
            },
        ),
    ]
