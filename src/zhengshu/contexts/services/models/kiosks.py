"""Machines in a hall at which people serve themselves."""

from typing import Self

from django.db import models

from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

KEEPERS = (Role.WINDOW_CLERK, Role.DEPARTMENT_HEAD)
"""Who registers machines, and ends them."""


class KioskSet(models.QuerySet["Kiosk"]):
    """Kiosks, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the actor's department, for those who keep them."""
        if actor.is_platform:
            return self
        if actor.department_id is None or not actor.has(*KEEPERS):
            return self.none()
        return self.filter(department_id=actor.department_id)


class Kiosk(models.Model):
    """One machine. Its cookie opens nothing: it makes pages large, sessions short, and names the channel.

    Attributes:
        secret_digest: SHA-256 of what the machine's cookie holds.
        address: the network address at which it was registered; from another one the cookie is nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    department_id = models.UUIDField()
    secret_digest = models.BinaryField()
    address = models.CharField(max_length=45)
    registered_by = models.UUIDField()
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = KioskSet.as_manager()

    class Meta:
        db_table = "services_kiosk"
        ordering = ["-registered_at", "-id"]

    def __str__(self) -> str:
        return self.name
