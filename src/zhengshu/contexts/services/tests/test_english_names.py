"""Items under their English names, where only code and Chinese name were kept."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.services.models import Rating, ServiceItem
from zhengshu.contexts.services.tests.factories import draft, published
from zhengshu.contexts.services.tests.rating_cast import ITEM, invited, office, rated
from zhengshu.contexts.trust.tests import factories
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestWhoeverReadsEnglish:
    def test_finds_items_by_their_english_names(self, client: Client) -> None:
        place, leader = office(), factories.account(Role.LEADER)
        head, citizen = factories.account_of(place.head), factories.account_of(place.citizen)
        ServiceItem.objects.filter(code=ITEM).update(name_en="Food stall registration")
        invited(place)
        row = rated(place, words="排队两小时")
        Rating.objects.filter(pk=row.pk).update(place=0)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        pages = (
            (head, reverse("services:bad-ratings")),
            (head, reverse("services:bad-rating", args=[row.id])),
            (citizen, reverse("services:my-ratings")),
            (citizen, reverse("services:ratings")),
            (leader, reverse("services:numbers") + "?by=item"),
        )

        for reader, path in pages:
            client.force_login(reader)
            shown = client.get(path).content.decode()

            assert "Food stall registration" in shown, path
            assert "食品摊点登记" not in shown, path

    def test_reads_in_the_list_what_the_organ_said_in_english(self, client: Client) -> None:
        published("e-lamp", draft(summary_en="A lamp is dark? Tell us."))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

        shown = client.get(reverse("services:item-list")).content.decode()

        assert "A lamp is dark? Tell us." in shown
