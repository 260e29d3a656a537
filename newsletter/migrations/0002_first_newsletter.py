"""The one newsletter to begin with, and its two source lists."""

from django.db import migrations


def make(apps, schema_editor):
    newsletter = apps.get_model("newsletter", "Newsletter").objects.create(
        slug="chenbao",
        name_en="Chenbao",
        name_zh="晨报",
        tagline_en="The morning’s AI news, as China and America each report it",
        tagline_zh="同一个早晨，中美媒体怎样写 AI",
        sender_name="Chenbao 晨报",
        sender_address="news@chenbao.example",
        postal_address="Chenbao 晨报, Box 128, 1 Example Street, Example City",
    )
    lists = apps.get_model("newsletter", "SourceList").objects
    lists.create(newsletter=newsletter, slug="china", name_en="China media", name_zh="中国媒体", position=1)
    lists.create(newsletter=newsletter, slug="us", name_en="US media", name_zh="美国媒体", position=2)


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_whole_day")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
