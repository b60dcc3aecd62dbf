"""The certificate of a title is a paper. The database itself refuses to give it to another award, or to take it away.
Another choice of form changes nothing in the database."""

import django.db.models.deletion
from django.db import migrations, models

from wuzha.web.accounts.kept import keep_rows

TABLE = "campaign_titlecertificate"
WORDS = "A certificate stays with its award."


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0026_score_table_form'),
    ]

    operations = [
        migrations.AlterField(
            model_name='draftpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title')], max_length=20),
        ),
        migrations.AlterField(
            model_name='issuedpaper',
            name='form',
            field=models.CharField(choices=[('letter', 'Letter of advice'), ('circular', 'Circular'), ('supervise', 'Supervision notice'), ('commend', 'Commendation'), ('talk', 'Record of a talk'), ('notice', 'Notice'), ('briefing', 'Briefing'), ('plan', 'Plan document'), ('policy-note', 'Policy note'), ('monthly-table', 'Monthly progress table'), ('score-table', 'Table of scores'), ('certificate', 'Certificate of a title')], max_length=20),
        ),
        migrations.CreateModel(
            name='TitleCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='title_certificate', to='campaign.issuedpaper')),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='campaign.titlestep')),
            ],
        ),
        keep_rows(TABLE, function="refuse_certificate_change", words=WORDS),
    ]
