from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="client_id",
            field=models.CharField(blank=True, default="", max_length=254),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="client_secret",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="refresh_token",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="scope",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="sign_in",
            field=models.CharField(default="password", max_length=8),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="token_url",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=models.Q(("sign_in__in", ("password", "refresh", "client"))),
                name="mailbox_sign_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sign_in", "password"),
                    models.Q(
                        models.Q(("token_url", ""), _negated=True),
                        models.Q(("client_id", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="mailbox_token_has_place",
            ),
        ),
    ]
