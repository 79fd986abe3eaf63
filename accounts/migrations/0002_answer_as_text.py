from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="idempotencykey", name="answer"),
        migrations.AddField(
            model_name="idempotencykey",
            name="answer",
            field=models.TextField(blank=True, default="", help_text="JSON, repeated byte for byte."),
        ),
    ]
