from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("standing", "0002_authority")]

    operations = [
        migrations.RemoveIndex(model_name="use", name="use_person"),
        migrations.AddIndex(
            model_name="use",
            index=models.Index(fields=["person", "service", "on", "at"], name="use_person"),
        ),
    ]
