"""`zhengshu keys …`: the keys that encrypt what is stored, for whoever runs the servers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from django.utils import timezone

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

PLATFORM = Actor.platform("console")
Result = TypeVar("Result")


@click.group()
def keys() -> None:
    """Keys that encrypt what is stored: root key, master key, data keys."""


@keys.command("status")
def status() -> None:
    """Show the keys and how far the encrypting anew is."""
    from zhengshu.contexts.trust.application.keep_keys import encryption_state

    found = _plainly(lambda: encryption_state(actor=PLATFORM))
    click.echo(f"root key: {found.root_where}; others that still open the master key: {found.former_roots}")
    for key in found.keys:
        click.echo(f"{key.department or '-'}  grade {key.grade}  version {key.version}  {key.since:%Y-%m-%d}")
    for one in found.progress:
        bad = f", {one.unreadable} unreadable" if one.unreadable else ""
        click.echo(f"{one.column}  {one.percent} %  {one.changed} of {one.total} encrypted anew{bad}")


@keys.command("rotate")
@click.option("--department", "code", default="", help="Only its keys (unified social credit code).")
def rotate(*, code: str) -> None:
    """Make new versions of the data keys; the workers encrypt anew what is stored."""
    from zhengshu.contexts.trust import api
    from zhengshu.contexts.trust.application.keep_keys import rotate_data_keys

    def act() -> int:
        department_id = api.department_by_code(code=code).id if code else None
        return rotate_data_keys(department_id=department_id, actor=PLATFORM, at=timezone.now())

    click.echo(f"{_plainly(act)} data keys rotated; see “zhengshu keys status”")


@keys.command("change-root")
@click.option(
    "--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Made when it is missing."
)
@click.option(
    "--pkcs11", "uri", default="", help="A URI pkcs11:…; the key is made in the token when it is missing."
)
def change_root(*, file: Path | None, uri: str) -> None:
    """Let a new root key open the master key beside the present one. Nothing has to be stopped."""
    from zhengshu.contexts.trust.application.keep_keys import change_root_key
    from zhengshu.foundation.crypto import pkcs11, root_key

    if bool(file) == bool(uri):
        raise click.ClickException("Say either --file or --pkcs11.")

    def act() -> str:
        new: root_key.RootKey
        if file is not None:
            root_key.make(file)
            new, setting = root_key.plain_file_key(file), f"{root_key.FILE}={file}"
        else:
            new, setting = pkcs11.token_key_made(uri), f"{root_key.TOKEN}='{uri}'"
        change_root_key(new=new, actor=PLATFORM, at=timezone.now())
        return setting

    setting = _plainly(act)
    click.echo(
        f"Both root keys open the master key now. Set {setting} for every process, restart them one by"
    )
    click.echo("one when it suits, then run “zhengshu keys forget-former-root” with the new setting.")


@keys.command("forget-former-root")
def forget_former_root() -> None:
    """Let only the present root key open the master key."""
    from zhengshu.contexts.trust.application.keep_keys import forget_root_keys

    count = _plainly(lambda: forget_root_keys(actor=PLATFORM, at=timezone.now()))
    click.echo(
        f"{count} former root keys forgotten; {os.environ.get('ZHENGSHU_DATA', 'var')} keeps the master key"
    )


@click.group("log-keys")
def signing_keys() -> None:
    """Keys that sign the proof log."""


@signing_keys.command("status")
def log_keys_status() -> None:
    """Show which keys sign, which did, and which witnesses have not followed yet."""
    from zhengshu.contexts.trust.application.log_keys import current_vkeys, log_keys, witnesses_behind

    rows = log_keys()
    for row in rows:
        until = "" if row.signs_to is None else f" to {row.signs_to}"
        span = "not yet" if row.signs_from is None else f"from {row.signs_from}{until} entries"
        click.echo(f"set {row.version}  {span}")
    for name in witnesses_behind(rows[-1].version) if rows else ():
        click.echo(f"behind: {name}")
    click.echo("\n".join(current_vkeys()))


@signing_keys.command("announce")
def log_keys_announce() -> None:
    """Make new keys and announce them in the log; they sign with the next checkpoints, beside the present ones."""
    from zhengshu.contexts.trust.application.log_keys import announce_log_keys

    row = _plainly(lambda: announce_log_keys(actor=PLATFORM, at=timezone.now()))
    click.echo("\n".join([f"set {row.version} announced:", *row.vkeys]))


@signing_keys.command("retire")
@click.option("--force", is_flag=True, help="Although witnesses have not followed, as after a theft.")
def log_keys_retire(*, force: bool) -> None:
    """Let the former keys sign no more; their private half is deleted."""
    from zhengshu.contexts.trust.application.log_keys import retire_log_keys

    version = _plainly(lambda: retire_log_keys(is_forced=force, actor=PLATFORM, at=timezone.now()))
    click.echo(f"set {version} signs no more")


def _plainly(act: Callable[[], Result]) -> Result:
    try:
        return act()
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal
