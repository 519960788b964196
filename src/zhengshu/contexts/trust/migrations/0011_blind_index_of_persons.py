"""Persons are found by the blind index of their citizen ID, truncated HMAC-SM3; it is computed anew for everybody."""

from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengshu.foundation.crypto import sealing
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.foundation.vault.keys import key_of

BATCH = 500


def index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    manager, of, after = apps.get_model("trust", "Account")._base_manager, None, UUID(int=0)
    known = manager.filter(sealed_citizen_id__isnull=False).order_by("pk")
    while rows := list(known.filter(pk__gt=after)[:BATCH]):
        of = of or blind_index("trust_account.citizen_id")
        for row in rows:
            row.person_digest = of(opened(row.pk, bytes(row.sealed_citizen_id or b"")).decode())
        manager.bulk_update(rows, ["person_digest"])
        after = rows[-1].pk


def opened(account_id: UUID, stored: bytes) -> bytes:
    if stored[:1] == sealing.VERSION:
        return sealing.unseal(stored, context=b"trust.account:" + account_id.bytes)
    return key_of(stored).decrypt(stored, place=b"trust_account.sealed_citizen_id:" + account_id.bytes)


class Migration(migrations.Migration):
    dependencies = [("trust", "0010_providers"), ("foundation", "0003_vault")]

    operations = [migrations.RunPython(index, elidable=True)]
