"""Why an authoritative source gave no value for a field, in a sentence for whoever fills in the form."""

from django.utils.translation import gettext as _

from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.forms.ports import Supplied


def silence_words(said: Supplied) -> str:
    """Say why there is no value, and what helps."""
    words = {
        "no-grant": _("The office has no grant to read this from %(source)s, so it stays empty."),
        "no-purpose": _(
            "The office's grant for %(source)s does not cover matters of this kind, so it stays empty."
        ),
        "key-missing": _(
            "It is fetched from %(source)s once the number by which you are found there is answered."
        ),
        "not-own": _(
            "It is fetched only for yourself: the number that you entered is not the one of your account."
        ),
        "masked": _("The office may see it at %(source)s only shortened, so it cannot be filled in."),
        "not-found": _("%(source)s has no entry under this number."),
        "several": _("%(source)s has several different entries under this number."),
        "refused": _("%(source)s did not answer the call; try again later."),
        "not-held": _("%(source)s: there is no valid one in electronic form, so it stays empty."),
        "unreachable": _("%(source)s cannot be reached at the moment; try again later."),
    }
    return words[said.refusal] % {"source": said.said_by(reader_language())}
