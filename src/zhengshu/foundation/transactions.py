"""The transaction of a use case."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction as django_transaction

P = ParamSpec("P")
R = TypeVar("R")


def transaction(use_case: Callable[P, R]) -> Callable[P, R]:
    """Run a use case in one database transaction; a use case called by another joins the outer one.

    Everything that a use case does happens or does not happen together: its rows, its events, its audit.
    """

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with django_transaction.atomic():
            return use_case(*args, **kwargs)

    return run
