"""Loading items from a folder of content, again and again, beside officials who write versions themselves."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.keep_version import give_up_version, write_version
from zhengshu.contexts.services.application.load_items import LoadedItems, load_items
from zhengshu.contexts.services.application.queries import item
from zhengshu.contexts.services.tests.factories import AT, FACTS, TODAY, draft
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
CODE = "load-lamp"


def declared(folder: Path, town: City, name: str) -> None:
    """Write the item into the folder as its pack has it."""
    organ = trust.department(department_id=town.market).code
    told = {**FACTS, "name": name, "department": organ, "effective_from": TODAY}
    (folder / f"{CODE}.yaml").write_bytes(msgspec.yaml.encode(told))
    (folder / "themes.yaml").write_text("{life_events: {}, topics: {}}")


class TestAgain:
    def test_the_same_changes_nothing_and_an_edited_file_becomes_a_version(
        self, town: City, tmp_path: Path
    ) -> None:
        declared(tmp_path, town, "路灯报修")
        load_items(folder=tmp_path, at=AT)

        same = load_items(folder=tmp_path, at=AT)
        declared(tmp_path, town, "路灯报修与增设")
        edited = load_items(folder=tmp_path, at=AT + timedelta(days=1))

        assert same == LoadedItems(changed=(), without_department=())
        assert edited.changed == (CODE,)
        assert item(code=CODE, actor=Actor.anonymous(), on=TODAY + timedelta(days=1)).version == 2

    def test_an_item_whose_next_version_is_being_written_waits_until_that_is_settled(
        self, town: City, tmp_path: Path
    ) -> None:
        declared(tmp_path, town, "路灯报修")
        load_items(folder=tmp_path, at=AT)
        write_version(
            code=CODE, draft=draft(), effective_from=TODAY, cause="简化流程", expected_revision=0,
            actor=town.officer, at=AT,
        )  # fmt: skip
        declared(tmp_path, town, "路灯报修与增设")

        waiting = load_items(folder=tmp_path, at=AT)
        give_up_version(code=CODE, actor=town.officer, at=AT)
        later = load_items(folder=tmp_path, at=AT)

        assert waiting == LoadedItems(changed=(), without_department=(), being_written=(CODE,))
        assert later.changed == (CODE,)
