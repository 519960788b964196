"""What `services` does when something was announced."""

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates.events import CertificateEndedEarly, CertificateIssued
from zhengshu.contexts.services.application.follow_applications import follow_end
from zhengshu.contexts.services.application.issue_certificate import issue_when_granted
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.publish_decision import (
    publish_certificate,
    publish_decision,
    publish_ending,
)
from zhengshu.contexts.services.events import ItemPublished
from zhengshu.foundation.events import on


@on(ItemPublished)
def learn(event: ItemPublished) -> None:
    """Learn what the published version means, so that everyday words find it; what is learned stays learned."""
    learn_meanings(at=event.at)


@on(CaseClosed)
def follow_case(event: CaseClosed) -> None:
    """Bring the application to where its case ended."""
    follow_end(event)


@on(CaseClosed)
def certify(event: CaseClosed) -> None:
    """Issue the certificate of what was granted, where that was not done at once."""
    issue_when_granted(event)


@on(CaseClosed)
def tell_everybody(event: CaseClosed) -> None:
    """Publish what was decided, where the item says so."""
    publish_decision(event)


@on(CertificateIssued)
def tell_of_the_certificate(event: CertificateIssued) -> None:
    """Add the certificate to the decision that is published."""
    publish_certificate(event)


@on(CertificateEndedEarly)
def tell_of_its_end(event: CertificateEndedEarly) -> None:
    """Say that the certificate of a published decision has ended."""
    publish_ending(event)
