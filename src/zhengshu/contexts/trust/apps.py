"""The Django application of `trust`."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Tables, templates and messages of `trust`; the audit listens to every event."""

    name = "zhengshu.contexts.trust"
    label = "trust"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the audit the recorder of every published event, feed the proof log from it, and listen to sign-ins."""
        from zhengshu.contexts.trust.application.log_sources import ACT, log_source, read_acts
        from zhengshu.contexts.trust.application.record_events import record_events
        from zhengshu.contexts.trust.application.scopes import offer_scopes, sites_with_enterprises
        from zhengshu.contexts.trust.application.second_factors import cover_second_factors
        from zhengshu.contexts.trust.interfaces import signals, slots  # noqa: F401 - slots are filled by being loaded
        from zhengshu.foundation import events
        from zhengshu.kernel.mandates import Power

        events.recorder(record_events)
        cover_second_factors()
        log_source(ACT, read_acts)
        offer_scopes(Power.SITES, sites_with_enterprises)
        signals.connect()
