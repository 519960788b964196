"""The scope of a delegation is data: kinds of acts, or single case types and sites of a kind."""

import django.contrib.postgres.fields
from django.db import migrations, models

import zhengshu.contexts.trust.models.people

FORWARD = """
UPDATE trust_delegation SET scope = array_remove(ARRAY[
    CASE WHEN for_matters THEN 'data' END, CASE WHEN for_matters THEN 'matters' END, CASE WHEN for_sites THEN 'sites' END
], NULL);
"""

BACKWARD = """
UPDATE trust_delegation SET
    for_matters = EXISTS (SELECT FROM unnest(scope) AS one WHERE one = 'matters'),
    for_sites = EXISTS (SELECT FROM unnest(scope) AS one WHERE one = 'sites');
UPDATE trust_delegation SET active_to = greatest(active_from, least(active_to, now())), for_sites = true
WHERE NOT for_matters AND NOT for_sites;
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0016_sources")]

    operations = [
        migrations.RemoveConstraint("delegation", "trust_delegation_for_something"),
        migrations.AddField(
            "delegation",
            "scope",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                default=zhengshu.contexts.trust.models.people.everything,
                size=None,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveField("delegation", "for_matters"),
        migrations.RemoveField("delegation", "for_sites"),
        migrations.AddConstraint(
            "delegation",
            models.CheckConstraint(
                condition=models.Q(scope__len__gt=0), name="trust_delegation_for_something"
            ),
        ),
    ]
