"""Routes of SCIM 2.0."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.trust.interfaces import web_scim, web_scim_discovery

app_name = "scim"

urlpatterns: list[URLPattern | URLResolver] = [
    path("Users", web_scim.users, name="users"),
    path("Users/.search", web_scim.search, name="search-users"),
    path(".search", web_scim.search, name="search"),
    path("Users/<uuid:account_id>", web_scim.user, name="user"),
    path("ServiceProviderConfig", web_scim_discovery.configuration, name="configuration"),
    path("ResourceTypes", web_scim_discovery.resource_types, name="types"),
    path("ResourceTypes/<str:name>", web_scim_discovery.resource_types, name="type"),
    path("Schemas", web_scim_discovery.schemas, name="schemas"),
    path("Schemas/<str:name>", web_scim_discovery.schemas, name="schema"),
    path("<path:path>", web_scim_discovery.nothing, name="nothing"),
]
