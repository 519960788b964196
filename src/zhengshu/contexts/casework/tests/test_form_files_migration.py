from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from zhengshu.contexts.casework.models import FormFile
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.foundation.files.keeping import open_kept
from zhengshu.foundation.files.tests import contents as made

pytestmark = pytest.mark.django_db


def migrate_to(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("casework", name)])


class TestFilesOfForms:
    def test_move_into_the_store_and_back(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "store"
        place = form_factories.street(tmp_path)
        draft = form_factories.begun(place, actor=place.citizen)
        leaves = MigrationExecutor(connection).loader.graph.leaf_nodes("casework")
        latest = max(name for _app, name in leaves)
        migrate_to("0015_documents")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO casework_form_file"
                " (id, draft_id, digest, name, media_type, size, content, is_sent, received_at)"
                " VALUES (gen_random_uuid(), %s, encode(sha256(%s), 'hex'), 'a.pdf', 'application/pdf', %s, %s,"
                " false, %s)",
                [draft.row.pk, made.PDF, len(made.PDF), made.PDF, timezone.now()],
            )

        migrate_to(latest)
        with open_kept(FormFile.objects.get().digest) as file:
            assert file.read() == made.PDF

        migrate_to("0015_documents")
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM casework_form_file")
            assert bytes(cursor.fetchone()[0]) == made.PDF
        migrate_to(latest)
