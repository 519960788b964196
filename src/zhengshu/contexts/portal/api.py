"""The door of `portal`: what the public site announces."""

from zhengshu.contexts.portal.application.announce import (
    announced,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)

__all__ = ["announced", "publish_announcement", "withdraw_announcement", "write_announcement"]
