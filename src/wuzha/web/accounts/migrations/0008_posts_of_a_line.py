"""A post may be of one line and stand in for another one. Both new columns may be left out by who writes without them."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_audit_kept'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='post',
            name='a_post_is_held_once',
        ),
        migrations.AddField(
            model_name='post',
            name='deputy_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deputies', to='accounts.post'),
        ),
        migrations.AddField(
            model_name='post',
            name='line',
            field=models.CharField(blank=True, choices=[('education', '教育'), ('police', '公安'), ('finance', '金融'), ('health', '卫健'), ('tourism', '文旅'), ('publicity', '宣传'), ('market', '市场监管'), ('housing', '住建'), ('telecom', '通信'), ('politics_law', '政法'), ('civil', '民政'), ('youth_women', '群团'), ('industry', '经信')], db_default='', default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='post',
            name='role',
            field=models.CharField(choices=[('officer', 'Campaign officer'), ('secretary', 'Recorder'), ('supervisor', 'Supervisor'), ('reviewer', 'Reviewer'), ('publisher', 'Publisher'), ('analyst', 'Analyst'), ('admin', 'Administrator')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('deputy_of', None)), fields=('user', 'unit', 'role', 'line'), name='a_post_is_held_once'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('deputy_of__isnull', False)), fields=('user', 'deputy_of'), name='a_deputy_stands_in_once'),
        ),
    ]
