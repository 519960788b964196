import pytest

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.tests.factories import AT, City, approve, draft

pytestmark = pytest.mark.django_db


class TestPublication:
    @pytest.mark.article("809", 12)
    @pytest.mark.article("809", 16)
    def test_goes_from_draft_to_published(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        assert api.submit_resource(code=code, actor=town.officer, at=AT).state is api.State.SUBMITTED
        assert approve(town, code).state is api.State.APPROVED

        done = api.publish_resource(code=code, actor=town.reviewer, at=AT)

        assert (done.state, done.version, done.official_code) == (api.State.PUBLISHED, 1, "306001/00001")
        assert api.published_by_code(code="306001/1").items == draft().items
