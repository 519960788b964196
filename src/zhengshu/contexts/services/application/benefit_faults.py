"""Why something about a benefit is refused."""

from zhengshu.kernel.errors import Kind, Refused


class BenefitNotFound(Refused):
    """There is no such benefit, run or entitlement, or it is not the actor's."""

    code = "services.benefit-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such benefit."


class NotYourBenefit(Refused):
    """Officials of the granting department work with a benefit; only its head switches it on."""

    code = "services.not-your-benefit"
    kind = Kind.FORBIDDEN
    message = "This is for the department that grants the benefit, and for another role than yours."


class DryRunMissing(Refused):
    """What the rules would find was not looked at since they were changed; start a dry run first."""

    code = "services.dry-run-missing"
    kind = Kind.CONFLICT
    message = "Start a dry run of these rules first, and look at whom they find."


class FourEyesOfBenefit(Refused):
    """Whoever started the dry run cannot switch the benefit on; somebody else looks at it."""

    code = "services.benefit-four-eyes"
    kind = Kind.FORBIDDEN
    message = "You started the dry run yourself. Somebody else looks at it and switches the benefit on."


class BenefitOff(Refused):
    """The benefit is not switched on."""

    code = "services.benefit-off"
    kind = Kind.CONFLICT
    message = "The benefit is not switched on. The department's head does so after a dry run."


class NotWaiting(Refused):
    """The benefit does not wait for an answer: it was confirmed, declined or objected to before."""

    code = "services.benefit-not-waiting"
    kind = Kind.CONFLICT
    message = "You have answered before. The page shows what you said."


class BeingExamined(Refused):
    """A search left a doubt, and an official looks into it; answer when he has decided."""

    code = "services.benefit-examined"
    kind = Kind.CONFLICT
    message = (
        "Whether you are entitled is being looked into, so that nothing can be answered now. You get a message as soon "
        "as it is decided."
    )


class NotEntitledNow(Refused):
    """The last search or an official did not find the person entitled any more; the page says why."""

    code = "services.benefit-not-entitled-now"
    kind = Kind.CONFLICT
    message = "You are not found entitled at present, so that there is nothing to answer. The page says why."


class AccountUnfit(Refused):
    """An account has 12 to 30 digits; those of bank cards end with a check digit (ISO/IEC 7812)."""

    code = "services.account-unfit"
    message = (
        "An account number has 12 to 30 digits, and a card's last digit must fit. Compare it with the card."
    )
    field = "account"


class NothingToList(Refused):
    """Every payment that is due stands on a list already."""

    code = "services.nothing-to-list"
    kind = Kind.CONFLICT
    message = "Nothing is due that does not stand on a list already."
