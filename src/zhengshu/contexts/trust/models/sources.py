"""Places that keep officials' accounts for us: a directory that is read, programs that write by SCIM."""

from django.db import models

from zhengshu.contexts.trust.models.people import Account
from zhengshu.kernel.identity import new_id


class AccountSource(models.Model):
    """A place that keeps accounts: one directory, or a program with a SCIM token, known by its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60, unique=True)
    token_digest = models.BinaryField(max_length=32, null=True, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_account_source"


class SourcedAccount(models.Model):
    """That a source keeps an account; it touches no other."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="sourced"
    )
    source = models.ForeignKey(AccountSource, on_delete=models.PROTECT, related_name="accounts")
    external_id = models.CharField(max_length=255, blank=True)

    class Meta:
        db_table = "trust_sourced_account"
