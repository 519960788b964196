"""Commands of `trust`, for whoever runs the servers: first administrators, recovery, stale accounts."""

import sys
from pathlib import Path

import click
from django.utils import timezone

from zhengshu.contexts.trust.interfaces.key_commands import keys, signing_keys
from zhengshu.contexts.trust.interfaces.seals.commands import seal
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused

PLATFORM = Actor.platform("console")
"""Who acts at the console; the audit names it so."""


@click.group()
def department() -> None:
    """Departments."""


@department.command("add")
@click.option("--code", required=True, help="Unified social credit code (GB 32100).")
@click.option("--name", required=True)
@click.option("--short-name", default="")
@click.option("--region", required=True, help="Region code (GB/T 2260).")
@click.option("--level", required=True, type=click.Choice(["national", "province", "city", "county", "town"]))
@click.option("--data-authority", is_flag=True, help="It is the data authority of the region.")
def add_department(
    *, code: str, name: str, short_name: str, region: str, level: str, data_authority: bool
) -> None:
    """Add a department, for instance the first one of an installation."""
    from zhengshu.contexts.trust import api

    try:
        record = api.add_department(
            code=code,
            name=name,
            short_name=short_name,
            region=region,
            level=api.Level(level),
            parent_id=None,
            is_data_authority=data_authority,
            actor=PLATFORM,
            at=timezone.now(),
        )
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{record.name}  {record.id}")


@click.group()
def account() -> None:
    """Accounts."""


@account.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--department", "code", required=True, help="The department's unified social credit code.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated; an administrator holds exactly one.",
)
def create_account(*, username: str, name: str, code: str, roles: tuple[str, ...]) -> None:
    """Create an official's account and print its first password, which must be changed at the first sign-in."""
    from zhengshu.contexts.trust import api
    from zhengshu.contexts.trust.application.manage_account import first_password

    password = first_password()
    try:
        api.add_official(
            username=username,
            name=name,
            department_id=api.department_by_code(code=code).id,
            roles=[Role(role) for role in roles],
            password=password,
            actor=PLATFORM,
            at=timezone.now(),
        )
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{username}  {password}")


@account.command("reset-password")
@click.argument("username")
@click.option("--second-factors", is_flag=True, help="Remove passkeys and one-time codes as well.")
def reset_password(*, username: str, second_factors: bool) -> None:
    """Give an account a new first password: the way back for an administrator who lost the old one."""
    from zhengshu.contexts.trust import api
    from zhengshu.contexts.trust.application import guard_sign_in, manage_account

    try:
        account_id = api.official_by_username(username=username).id
        password = manage_account.reset_password(account_id=account_id, actor=PLATFORM, at=timezone.now())
        guard_sign_in.unlock_account(account_id=account_id, actor=PLATFORM, at=timezone.now())
        if second_factors:
            manage_account.remove_second_factors(account_id=account_id, actor=PLATFORM, at=timezone.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{username}  {password}")


@account.command("stale")
def stale_accounts() -> None:
    """List active accounts that nobody signed in with for as long as the policy says."""
    from zhengshu.contexts.trust.application.listings import list_accounts
    from zhengshu.foundation.lists import ListQuery

    page_number, seen = 1, 0
    while True:
        query = ListQuery(filters={"state": ("stale",)}, page=page_number, size=200)
        page = list_accounts(query=query, actor=PLATFORM, at=timezone.now())
        for row in page.rows:
            last = f"{row.last_sign_in_at:%Y-%m-%d}" if row.last_sign_in_at else "never"
            click.echo(f"{row.username}  {row.department_name}  {last}")
        seen += len(page.rows)
        if not page.rows or seen >= page.total:
            return
        page_number += 1


@click.command()
@click.option("--once", is_flag=True, help="Log and publish what waits now, then end.")
def sequencer(*, once: bool) -> None:
    """Write the proof log; the one program that does. A second one stands by."""
    from zhengshu.contexts.trust.application.keep_log_name import require_log_name
    from zhengshu.contexts.trust.interfaces.sequencer import Sequencer
    from zhengshu.foundation.vault.keys import require_keys

    try:
        require_keys()
        require_log_name()
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal
    writer = Sequencer()
    if not once:
        writer.run()
    while writer.round():
        pass


@click.command()
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", "keys", multiple=True, help="A verifier key of the log; this installation's own by default."
)
@click.option(
    "--handover",
    "handovers",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of the log that leads from keys you trust to newer ones (…/trust/log/handover/2); may be repeated.",
)
@click.option("--request-digest", default="", help="What you kept of the request, in hexadecimal.")
@click.option(
    "--answer",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The body of the answer, as you kept it.",
)
def verify(
    *,
    receipt: Path,
    keys: tuple[str, ...],
    handovers: tuple[Path, ...],
    request_digest: str,
    answer: Path | None,
) -> None:
    """Check a RECEIPT offline, and whether it is about what you kept; exit code 1 if it does not hold."""
    from zhengshu.contexts.trust.interfaces.receipts import told

    is_right, lines = told(
        receipt.read_text(encoding="utf-8"),
        vkeys=keys,
        handovers=[file.read_text(encoding="utf-8") for file in handovers],
        request_digest=request_digest,
        answer=answer.read_bytes() if answer else None,
    )
    click.echo("\n".join(lines))
    sys.exit(0 if is_right else 1)


commands: tuple[click.Command, ...] = (department, account, keys, signing_keys, sequencer, verify, seal)
