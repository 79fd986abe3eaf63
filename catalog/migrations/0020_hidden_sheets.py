from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0019_clean_texts")]

    operations = [
        migrations.AddField(
            model_name="productimport",
            name="hidden_sheets",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Names of hidden sheets with products, which are not read.",
            ),
        ),
    ]
