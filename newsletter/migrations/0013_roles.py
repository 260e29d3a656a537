"""Writers, approvers and administrators; and the approvals that were given before they had rows of their own."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from newsletter.roles import make_groups


def make(apps, schema_editor):
    from django.apps import apps as installed

    # Django makes them after the last migration: too late for the groups below.
    for label in ("newsletter", "subscribers"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    groups = apps.get_model("auth", "Group").objects
    make_groups(groups, apps.get_model("auth", "Permission").objects)
    # Until now whoever sat at the desk could approve.
    users = apps.get_model("auth", "User").objects.filter(is_staff=True, is_superuser=False)
    groups.get(name="approver").user_set.add(*users)
    _approvals(apps)


def _approvals(apps):
    Approval = apps.get_model("newsletter", "Approval")
    issues = apps.get_model("newsletter", "Issue").objects
    given = (
        issues.filter(state__in=("approved", "sending", "sent")).exclude(approved_at=None).exclude(approved_by=None)
    )
    Approval.objects.bulk_create(
        Approval(issue=each, content_hash=each.approved_hash, by_id=each.approved_by_id, at=each.approved_at)
        for each in given
    )


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0012_review_rows"),
        ("subscribers", "0012_names_of_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
