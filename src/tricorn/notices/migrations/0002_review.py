from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_initial"),
        ("notices", "0001_initial"),
        ("tickets", "0008_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_about",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_capacity",
        ),
        migrations.RemoveConstraint(
            model_name="preference",
            name="preference_about",
        ),
        migrations.RemoveConstraint(
            model_name="preference",
            name="preference_capacity",
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "about__in",
                        (
                            "answer",
                            "answered",
                            "assigned",
                            "escalated",
                            "followed",
                            "mentioned",
                            "rating",
                            "reminded",
                            "reported",
                            "review",
                            "rule",
                        ),
                    )
                ),
                name="notice_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__in", ("agent", "requester", "reviewer"))),
                name="notice_capacity",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "about__in",
                        (
                            "answer",
                            "answered",
                            "assigned",
                            "escalated",
                            "followed",
                            "mentioned",
                            "rating",
                            "reminded",
                            "reported",
                            "review",
                            "rule",
                        ),
                    )
                ),
                name="preference_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__in", ("agent", "requester", "reviewer"))),
                name="preference_capacity",
            ),
        ),
    ]
