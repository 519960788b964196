"""What must be there before the processes start: tables, texts, static files, content.

Every step looks first whether there is something to do, so that a second start is quick and an interrupted one
can be started again.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services import api as services
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.vault.keys import require_keys

Say = Callable[[str], None]


def prepare(*, at: datetime, say: Say) -> None:
    """Bring tables, static files and content up to date.

    Raises:
        Refused: root key, master key and database do not belong together.
        LogRenamed: the settings name another proof log than the one that was begun here.
    """
    migrate(say=say)
    require_keys()
    trust.keep_log_name()
    collect_static(say=say)
    load_content(at=at, say=say)


def migrate(*, say: Say) -> None:
    """Apply migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"creating tables: {len(plan)} migrations")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static(*, say: Say) -> None:
    """Gather static files with hashed names when any has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".digest"
    digest = _digest_of_static()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("gathering static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest)


def load_content(*, at: datetime, say: Say) -> None:
    """Load types of certificates and cases, and standards, from the packs; what is already loaded stays as it is."""
    kinds = certificates.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=at)
    if kinds:
        say(f"loaded certificate types: {', '.join(kinds)}")
    types = casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types", at=at)
    if types:
        say(f"loaded case types: {', '.join(types)}")
    standards = catalog.load_standards(folder=settings.PACKS_FOLDER / "catalog", at=at)
    if standards.elements or standards.code_tables:
        say(f"loaded {standards.elements} data elements and {standards.code_tables} code tables")
    benefits = services.load_benefits(folder=settings.PACKS_FOLDER / "benefits", at=at)
    if benefits:
        say(f"loaded benefits: {', '.join(benefits)}")


def _digest_of_static() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
