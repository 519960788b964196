"""A migrated template database: migrations run once a change of them, not once a test run."""

from collections.abc import Sequence
from contextlib import closing

import psycopg
from django.core.management import call_command
from django.core.management.commands import flush as flush_command
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

LOCK = 809_2025
_OF_DJANGO = frozenset({"django_content_type", "auth_permission"})
_OPEN = ("ALTER TABLE trust_log_entry DISABLE TRIGGER trust_guard_log_table",)
_SHUT = ("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_table",)


def copy(connection: BaseDatabaseWrapper, *, digest: str) -> str:
    """Point the connection at a fresh copy of the template and return the copy's name."""
    original = connection.settings_dict["NAME"]
    template = f"template_zhengshu_{digest}"
    name = connection.settings_dict["TEST"]["NAME"]
    connection.close()
    with closing(_administer(connection, original)) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        if not _exists(admin, template):
            _build(connection, admin, template)
        _recreate(admin, name, template)
    connection.settings_dict["NAME"] = name
    return str(name)


def drop(connection: BaseDatabaseWrapper, name: str) -> None:
    """Remove the copy."""
    connection.close()
    with closing(_administer(connection, "postgres")) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_quickly(connection: BaseDatabaseWrapper) -> None:
    """Let the tables be emptied after a test that committed: those that hold something, and the proof log too.

    The guard of the log is open meanwhile; nothing else may empty it, and no test that holds it to that sees the guard
    open. What Django keeps about its models stays, so that it need not be found out anew.
    """
    flush = connection.ops.execute_sql_flush

    def flush_with_open_guard(_statements: Sequence[str]) -> None:
        if filled := _filled(connection):
            quoted = ", ".join(map(connection.ops.quote_name, filled))
            flush([*_OPEN, f"TRUNCATE {quoted} CASCADE", *_SHUT])

    setattr(connection.ops, "execute_sql_flush", flush_with_open_guard)  # noqa: B010 - a method is replaced
    setattr(flush_command, "emit_post_migrate_signal", _say_nothing)  # noqa: B010 - a function is replaced


def _filled(connection: BaseDatabaseWrapper) -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = " UNION ALL ".join(
        f"(SELECT '{table}' FROM {connection.ops.quote_name(table)} LIMIT 1)"  # noqa: S608 - tables of our own models
        for table in tables
        if table not in _OF_DJANGO
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [str(table) for (table,) in cursor.fetchall()]


def _say_nothing(*_given: object, **_named: object) -> None:
    """Stand in for the signal after which Django looks for what its tables say about models."""


def _administer(connection: BaseDatabaseWrapper, name: str) -> psycopg.Connection:
    settings = connection.settings_dict
    given = {
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    return psycopg.connect(
        dbname=name, autocommit=True, **{key: value for key, value in given.items() if value}
    )


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _recreate(admin: psycopg.Connection, name: str, template: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    )


def _build(connection: BaseDatabaseWrapper, admin: psycopg.Connection, template: str) -> None:
    draft = f"{template}_draft"
    _recreate(admin, draft, "template0")
    connection.settings_dict["NAME"] = draft
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template))
    )
