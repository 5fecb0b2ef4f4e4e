"""Names of sources are one whatever their case: kept as `as_code` writes them."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

from banso.lib.text import as_code

NOUNS = ("Customer", "Contact", "Contract")


def write_small(apps: Any, _editor: Any) -> None:
    for noun in NOUNS:
        model = apps.get_model("customers", noun)
        rows = model._base_manager.order_by()
        for source in rows.exclude(source="").values_list("source", flat=True).distinct():
            if (code := as_code(source)) != source:
                # Who stands there twice, by both spellings, stays two: nobody has said that it is one.
                twin = rows.filter(
                    workspace=OuterRef("workspace"), source=code, source_id=OuterRef("source_id")
                ).exclude(source_id="")
                rows.filter(~Exists(twin), source=source).update(source=code)
    masters = apps.get_model("customers", "Master")._base_manager
    for one in masters.all():
        code = as_code(one.code)
        if code != one.code and not masters.filter(workspace=one.workspace, code=code).exists():
            one.code = code
            one.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0019_currency_of_an_offer"),
    ]

    operations = [
        migrations.RunPython(write_small, migrations.RunPython.noop, elidable=True),
    ]
