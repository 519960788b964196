"""Lets the forms of cases be filled through the exchange, from the start of the platform."""

from zhengshu.contexts.casework.api import use_exchange
from zhengshu.contexts.exchange.application.supply_forms import ExchangeForForms

use_exchange(ExchangeForForms())
