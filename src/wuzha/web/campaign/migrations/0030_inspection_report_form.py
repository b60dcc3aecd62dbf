"""The result of an inspection is a form of paper. Nothing changes in the database, and no trigger is lost."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0029_score_acts_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='draftpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title'), ('inspection-report', 'Result of an inspection')], max_length=20),
        ),
        migrations.AlterField(
            model_name='issuedpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title'), ('inspection-report', 'Result of an inspection')], max_length=20),
        ),
    ]
