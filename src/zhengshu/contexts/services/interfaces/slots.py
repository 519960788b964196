"""What services show on casework's pages: what the checks of an application say, before it is sent and afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.application_queries import ApplicationNotFound, application
from zhengshu.contexts.services.application.application_records import ApplicationRecord, CheckRecord
from zhengshu.contexts.services.application.foresee_letters import lacking_in_case, lacking_in_draft
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview, together
from zhengshu.contexts.services.interfaces.web_certificates import fault_context
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor

VERDICTS = {
    PreReview.PASS: (_("Passed"), "green", "circle-check"),
    PreReview.FAIL: (_("Not met"), "red", "circle-x"),
    PreReview.PERSON: (_("A person looks at it"), "yellow", "user"),
}
"""How a verdict is told: its word, its color and its icon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check in the reader's language."""

    name: str
    words: str
    basis: str
    verdict: str
    color: str
    icon: str


def views_of(checks: Iterable[CheckRecord]) -> list[CheckView]:
    """Return checks as a page shows them."""
    is_english = (get_language() or "").startswith("en")
    return [
        CheckView(
            name=one.name_en if is_english else one.name,
            words=one.words_en if is_english else one.words,
            basis=one.basis,
            verdict=str(VERDICTS[one.verdict][0]),
            color=VERDICTS[one.verdict][1],
            icon=VERDICTS[one.verdict][2],
        )
        for one in checks
    ]


def foreseen(found: Iterable[casework.Finding]) -> tuple[CheckRecord, ...]:
    """Return what casework foresees as checks."""
    return tuple(
        CheckRecord(
            code=one.check,
            verdict=PreReview(one.verdict.value),
            name=one.name.zh,
            name_en=one.name.en,
            words=one.words.zh,
            words_en=one.words.en,
            basis=one.basis,
        )
        for one in found
    )


def certificate_of(found: ApplicationRecord, *, actor: Actor) -> certificates.CertificateRecord | None:
    """Return what an application ended in, for whoever may see it."""
    if found.certificate_id is None:
        return None
    try:
        return certificates.certificate(certificate_id=found.certificate_id, actor=actor, at=timezone.now())
    except certificates.CertificateNotFound:
        return None


def letters_of(lacking: str) -> str:
    """Return characters with their code points, for who has no font for them either."""
    return gettext(", ").join(f"“{letter}”（U+{ord(letter):04X}）" for letter in lacking)


@slot("casework.check", casework.OpenForm)
def before_sending(request: HttpRequest, form: casework.OpenForm) -> SafeString:
    """Tell whoever is about to send a form what its checks say now."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return SafeString("")
    checks = foreseen(casework.foresee(draft_id=form.draft_id, actor=actor))
    lacking = lacking_in_draft(
        draft_id=form.draft_id, case_type=form.case_type, actor=actor, on=timezone.localdate()
    )
    verdict = together(one.verdict.value for one in checks).value if checks else ""
    context = {
        "checks": views_of(checks),
        "verdict": verdict,
        "letters": letters_of(lacking),
        "is_before": True,
    }
    shown = [
        render_to_string(f"services/parts/{part}.html", context, request=request)
        for part, is_wanted in (("letters", lacking), ("checks", checks))
        if is_wanted
    ]
    return SafeString("".join(shown))


@slot("casework.case", casework.CaseRecord)
def on_the_case(request: HttpRequest, case: casework.CaseRecord) -> SafeString:
    """Tell whoever handles a case, and whoever asked, what the checks of its application said."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or case.subject.kind != "form":
        return SafeString("")
    try:
        found = application(case_id=case.id, actor=actor)
    except ApplicationNotFound:
        return SafeString("")
    own = actor.department_id is None
    certificate = certificate_of(found, actor=actor)
    is_granted = found.state is ApplicationState.GRANTED
    context = {
        "checks": views_of(found.checks),
        "verdict": found.verdict.value,
        "application": found,
        "is_before": False,
        "certificate": certificate,
        "letters": ""
        if own or not case.is_open
        else letters_of(lacking_in_case(case_id=case.id, at=timezone.now())),
        "is_being_certified": own and is_granted and found.has_certificate_fault and certificate is None,
        "may_be_withdrawn": own and case.is_open,
        **fault_context(found, actor=actor),
    }
    return render_to_string("services/parts/application.html", context, request=request)
