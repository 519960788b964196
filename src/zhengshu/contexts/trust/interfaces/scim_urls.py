"""Routes of SCIM 2.0."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.trust.interfaces import web_scim

app_name = "scim"

urlpatterns: list[URLPattern | URLResolver] = [
    path("Users", web_scim.users, name="users"),
    path("Users/<uuid:account_id>", web_scim.user, name="user"),
    path("ServiceProviderConfig", web_scim.configuration, name="configuration"),
    path("ResourceTypes", web_scim.resource_types, name="types"),
    path("ResourceTypes/<str:name>", web_scim.resource_types, name="type"),
    path("Schemas", web_scim.schemas, name="schemas"),
    path("Schemas/<str:name>", web_scim.schemas, name="schema"),
]
