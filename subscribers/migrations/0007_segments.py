from typing import Any

from django.db import migrations, models

import subscribers.models.domain


def compare_by_bytes(apps: Any, schema_editor: Any) -> None:
    """Let PostgreSQL find the beginning of an address in the index that it has for the whole.

    In most languages' order it can't. SQLite compares by bytes as it is. The domain's index inherits the order.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE subscribers_subscriber ALTER COLUMN email_key TYPE varchar(320) COLLATE "C"',
            params=None,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("subscribers", "0006_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("filters", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("readers", models.PositiveIntegerField(blank=True, null=True)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.RunPython(compare_by_bytes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(
                fields=["state", "id", "language", "source", "frequency", "plain_text", "confirmed_at"],
                name="reader_list",
            ),
        ),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(subscribers.models.domain.Domain("email_key"), name="reader_domain"),
        ),
    ]
