"""Addresses of ratings."""

from django.urls import URLPattern, URLResolver, path

from zhengshu.contexts.services.interfaces import web_rating_results, web_ratings

urlpatterns: list[URLPattern | URLResolver] = [
    path("rate/", web_ratings.mine, name="my-ratings"),
    path("rate/<uuid:invitation_id>/", web_ratings.rate, name="rate"),
    path("rate/by/<str:code>/", web_ratings.rate_linked, name="rate-link"),
    path("visits/", web_ratings.visits, name="visits"),
    path("visits/<slug:code>/", web_ratings.visit, name="rate-visit"),
    path("ratings/", web_rating_results.results, name="ratings"),
    path("ratings/export.csv", web_rating_results.export, name="rating-export"),
    path("ratings/unusual/", web_rating_results.unusual, name="unusual-ratings"),
    path("ratings/bad/", web_rating_results.bad_ratings, name="bad-ratings"),
    path("ratings/bad/<uuid:rating_id>/", web_rating_results.bad_rating, name="bad-rating"),
    path("ratings/bad/<uuid:rating_id>/rater/", web_rating_results.rater, name="rating-rater"),
]
