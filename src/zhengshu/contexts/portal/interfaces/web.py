"""Pages of `portal`."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.portal.interfaces import web_announcements, web_desk, web_information, web_preferences

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web_desk.home, name="home"),
    path("site/", web_desk.site, name="site"),
    path("my/", web_desk.my_space, name="my-space"),
    path("search/", web_desk.search, name="search"),
    path("administration/", web_desk.administration, name="administration"),
    path("help/", web_information.help_page, name="help"),
    path("about/", web_information.about, name="about"),
    path("accessibility/", web_information.accessibility, name="accessibility"),
    path("announcements/", web_announcements.announcements, name="announcements"),
    path("announcements/desk/", web_announcements.desk, name="announcement-desk"),
    path("announcements/desk/new/", web_announcements.write, name="announcement-new"),
    path("announcements/<uuid:announcement_id>/", web_announcements.announcement, name="announcement"),
    path("announcements/<uuid:announcement_id>/write/", web_announcements.write, name="announcement-write"),
    path(
        "announcements/<uuid:announcement_id>/publish/",
        web_announcements.publish,
        name="announcement-publish",
    ),
    path(
        "announcements/<uuid:announcement_id>/withdraw/",
        web_announcements.withdraw,
        name="announcement-withdraw",
    ),
    path("docs/errors", web_information.errors, name="errors"),
    path("preferences/language/", web_preferences.language, name="language"),
    path("preferences/theme/", web_preferences.theme, name="theme"),
    path("preferences/reading/", web_preferences.reading, name="reading"),
]
