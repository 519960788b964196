"""For which kinds of matters an enterprise may empower a handler: the case types in which enterprises may ask."""

from collections.abc import Mapping

from zhengshu.contexts.casework.application.naming import loaded_all
from zhengshu.contexts.casework.models import CaseTypeVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.mandates import Power


def matters_of_enterprises() -> Mapping[str, str]:
    """Return the codes and names of the case types of which an enterprise may be the applicant."""
    keys = CaseTypeVersion.objects.filter(is_current=True).order_by("code").values_list("pk", flat=True)
    known = loaded_all(keys)
    return {
        known[key].definition.code: known[key].text("name")
        for key in keys
        if Role.ENTERPRISE_DELEGATE in known[key].definition.applicant
    }


trust.offer_scopes(Power.MATTERS, matters_of_enterprises)
