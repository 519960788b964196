"""The score model in force, and those of the past."""

import hashlib
from datetime import datetime

import msgspec
import yaml
from django.conf import settings

from zhengshu.contexts.quality.domain.scoring import ScoreModel
from zhengshu.contexts.quality.models import ScoreModelVersion
from zhengshu.kernel.errors import Refused


class ScoreModelFaulty(Refused):
    """The file of the score model cannot be used; nothing is assessed before it is corrected."""

    code = "quality.score-model-faulty"
    message = "The score model “%(model)s” cannot be used: %(fault)s."


def model_in_force() -> ScoreModel:
    """Return the score model of the packs.

    Raises:
        ScoreModelFaulty: there is none, or it has a fault.
    """
    path = settings.PACKS_FOLDER / "scoring" / f"{settings.QUALITY_SCORE_MODEL}.yaml"
    try:
        return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), ScoreModel)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, ValueError) as fault:
        raise ScoreModelFaulty(model=settings.QUALITY_SCORE_MODEL, fault=str(fault)) from fault


def keep_model(model: ScoreModel, *, at: datetime) -> str:
    """Keep an edition of a model that was never used before; return its digest."""
    body = msgspec.json.encode(model, order="sorted")
    digest = hashlib.sha256(body).hexdigest()
    ScoreModelVersion.objects.bulk_create(
        [ScoreModelVersion(digest=digest, body=msgspec.to_builtins(model), first_used_at=at)],
        ignore_conflicts=True,
    )
    return digest


def model_of(digest: str) -> ScoreModel:
    """Return the edition that a run was scored by."""
    return msgspec.convert(ScoreModelVersion.objects.get(digest=digest).body, ScoreModel)
