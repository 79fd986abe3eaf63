

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='delivery',
            name='proof',
        ),
        migrations.AddField(
            model_name='deliveryevent',
            name='photo',
            field=models.CharField(blank=True, help_text='Key in the private storage.', max_length=200),
        ),
    ]
