"""How levels, sides and ends of ratings are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.domain.ratings import Indicator
from zhengshu.contexts.services.domain.vocabulary import Satisfaction

LEVELS: Mapping[Satisfaction, Promise] = {
    Satisfaction.VERY_SATISFIED: _("Very satisfied"),
    Satisfaction.SATISFIED: _("Satisfied"),
    Satisfaction.FAIRLY_SATISFIED: _("Fairly satisfied"),
    Satisfaction.DISSATISFIED: _("Dissatisfied"),
    Satisfaction.VERY_DISSATISFIED: _("Very dissatisfied"),
}
INDICATORS: Mapping[Indicator, Promise] = {
    Indicator.EFFICIENCY: _("Speed"),
    Indicator.GUIDE: _("Exactness of the guide"),
    Indicator.CONVENIENCE: _("Ease"),
    Indicator.OPERATION: _("Use of the platform"),
    Indicator.SKILL: _("Knowledge of the staff"),
    Indicator.ATTITUDE: _("Manner of the staff"),
}
END_WORDS: Mapping[str, Promise] = {
    "mended": _("Mended, and you agreed"),
    "not_content": _("Mended, and you did not agree"),
    "not_reached": _("Mended; you could not be reached"),
}
"""As whoever rated reads them."""

ENDS: Mapping[str, Promise] = {
    "mended": _("Mended, the rater agrees"),
    "not_content": _("Mended, the rater does not agree"),
    "not_reached": _("Mended, the rater was not reached"),
}
