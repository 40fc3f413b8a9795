"""Roles are changed by two people, on a page; services have no password."""

import django.contrib.postgres.fields
import django.db.models.deletion
import recoup.modules.workforce.rules
from django.conf import settings
from django.db import migrations, models

# A service was entered like anybody, with a password: from here on its keys alone open it.
SERVICES = """
UPDATE workforce_user SET is_service = true, password = '!' || md5(random()::text)
 WHERE id IN (SELECT user_id FROM workforce_grant WHERE role = 'SERVICE' AND ended_at IS NULL)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('workforce', '0007_failed_sign_ins_go'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(db_default='', default='', max_length=16)),
                ('name', models.CharField(db_default='', default='', max_length=40)),
                ('based_on', models.CharField(db_default='', default='', max_length=16)),
                ('rights_before', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('rights_after', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('reason', models.CharField(max_length=200)),
                ('state', models.CharField(default=recoup.modules.workforce.rules.ChangeState['WAITING'], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_reason', models.CharField(db_default='', default='', max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name='role',
            name='based_on',
            field=models.CharField(db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='role',
            name='name',
            field=models.CharField(db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='user',
            name='is_service',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(SERVICES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('name',), name='one_role_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_service', False), ('password__startswith', '!'), _connector='OR'), name='a_service_has_no_password'),
        ),
        migrations.AddField(
            model_name='rolechange',
            name='asked_by',
            field=models.ForeignKey(db_column='asked_by', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolechange',
            name='decided_by',
            field=models.ForeignKey(db_column='decided_by', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'APPROVED', 'REFUSED', 'WITHDRAWN'])), name='role_change_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_decides_their_own_role_change'),
        ),
        migrations.AddConstraint(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', [recoup.modules.workforce.rules.ChangeState['APPROVED'], recoup.modules.workforce.rules.ChangeState['REFUSED']]), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='a_decided_role_change_says_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', ''), models.Q(('name', ''), _negated=True), models.Q(('based_on', ''), _negated=True)), models.Q(models.Q(('role', ''), _negated=True), ('based_on', ''), ('name', '')), _connector='OR'), name='a_role_is_changed_or_made'),
        ),
        migrations.AddConstraint(
            model_name='rolechange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', recoup.modules.workforce.rules.ChangeState['WAITING'])), fields=('role', 'name'), name='one_waiting_change_per_role'),
        ),
    ]
