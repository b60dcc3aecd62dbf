"""An act on a score carries the id of the form that was sent. Nothing is rebuilt, and no trigger is lost."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0028_score_period'),
    ]

    operations = [
        migrations.AddField(
            model_name='scoreevent',
            name='key',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='scoreevent',
            constraint=models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('key',), name='a_score_act_that_was_sent_is_done_once'),
        ),
    ]
