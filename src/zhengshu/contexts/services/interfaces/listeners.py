"""What `services` does when something was announced."""

from django.utils import timezone

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates.events import CertificateEndedEarly, CertificateIssued, IssuerNamed
from zhengshu.contexts.services.application.follow_applications import follow_end
from zhengshu.contexts.services.application.issue_certificate import issue_when_granted
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.publish_decision import (
    publish_certificate,
    publish_decision,
    publish_ending,
)
from zhengshu.contexts.services.application.tell_of_version import (
    tell_approvers,
    tell_author,
    tell_of_taking_back,
)
from zhengshu.contexts.services.events import ItemPublished, ItemReturned, ItemSubmitted, ItemTakenBack
from zhengshu.contexts.services.interfaces.jobs import queue_waiting_certificates
from zhengshu.contexts.trust.api import SealStandingUseAllowed
from zhengshu.foundation.events import on

CERTIFICATES = "certificates."
"""How kinds of documents begin that are certificates."""


@on(ItemPublished)
def learn(event: ItemPublished) -> None:
    """Learn what the published version means, so that everyday words find it; what is learned stays learned."""
    learn_meanings(at=event.at)


@on(ItemSubmitted)
def tell_who_may_approve(event: ItemSubmitted) -> None:
    """Tell those who may approve the version."""
    tell_approvers(event)


@on(ItemReturned)
def tell_what_has_to_be_changed(event: ItemReturned) -> None:
    """Tell whoever handed the version in that it was given back."""
    tell_author(event)


@on(ItemPublished)
def tell_that_it_was_approved(event: ItemPublished) -> None:
    """Tell whoever handed the version in that it was approved."""
    tell_author(event)


@on(ItemTakenBack)
def tell_that_it_was_taken_back(event: ItemTakenBack) -> None:
    """Tell those by whom the version was written and approved that it will not be in force."""
    tell_of_taking_back(event)


@on(CaseClosed)
def follow_case(event: CaseClosed) -> None:
    """Bring the application to where its case ended."""
    follow_end(event)


@on(CaseClosed)
def certify(event: CaseClosed) -> None:
    """Issue the certificate of what was granted, where that was not done at once."""
    issue_when_granted(event, at=timezone.now())


@on(CaseClosed)
def tell_everybody(event: CaseClosed) -> None:
    """Publish what was decided, where the item says so."""
    publish_decision(event)


@on(CertificateIssued)
def tell_of_the_certificate(event: CertificateIssued) -> None:
    """Add the certificate to the decision that is published."""
    publish_certificate(event)


@on(SealStandingUseAllowed)
def certify_with_the_seal(event: SealStandingUseAllowed) -> None:
    """Make the certificates that waited for a seal."""
    if event.document_kind.startswith(CERTIFICATES):
        queue_waiting_certificates()


@on(IssuerNamed)
def certify_by_the_issuer(event: IssuerNamed) -> None:  # noqa: ARG001 - whichever type it is
    """Make the certificates that waited for somebody who issues them."""
    queue_waiting_certificates()


@on(CertificateEndedEarly)
def tell_of_its_end(event: CertificateEndedEarly) -> None:
    """Say that the certificate of a published decision has ended."""
    publish_ending(event)
