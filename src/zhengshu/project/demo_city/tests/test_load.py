"""The city in the platform: complete, as the pack says, and the same after a second run."""

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid5

import pytest
import yaml
from click.testing import CliRunner
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.models import FormDraft
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.services import api as services
from zhengshu.contexts.services.models import Application, BundlePart, RatingInvitation
from zhengshu.contexts.services.tests.intake_kit import INSURED, registers
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.outbox import deliver_due
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import RequestId
from zhengshu.kernel.masks import Mask
from zhengshu.project.demo_city import applying, asking
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor, public_people, username_of
from zhengshu.project.demo_city.certifying import read_certifying
from zhengshu.project.demo_city.commands import city as city_command
from zhengshu.project.demo_city.content import read_content
from zhengshu.project.demo_city.load import account_lines, demo_account_list, install_city
from zhengshu.project.demo_city.platform_content import read_platform
from zhengshu.project.demo_city.public_site import read_public
from zhengshu.project.demo_city.sealing import read_seals
from zhengshu.project.demo_city.tests.small import SEED, SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]
QUICK_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EXAMPLES = ("pdf", "ofd", "changed")
PACKS = Path(settings.PACKS_FOLDER)
FILLED_IN = (
    "insured-certificate",
    "enterprise-change",
    "tax-information-change",
    "insurance-unit-change",
    "fund-unit-change",
)
IDENTITY = {"citizen-id", "person-name", "credit-code", "organization-name"}
"""What the account itself supplies."""
SAID = {
    **INSURED,
    "legal-representative": "许望川",
    "registration-status": "存续（在营、开业、在册）",
    "enterprise-type-name": "有限责任公司",
    "registered-on": "2020-03-02",
    "registered-address": "澄川市文澜区学海路31号",
    "business-scope": "食品销售",
}
"""What registers say of everybody who has an account."""
AT = datetime(2026, 6, 30, 2, tzinfo=UTC)


def install(at: datetime = AT) -> list[str]:
    said: list[str] = []
    install_city(at=at, say=said.append, persons=SMALL, seed=SEED)
    return said


@pytest.fixture(scope="module")
def _installed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The city, installed once for all tests of this module and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PASSWORD_HASHERS=QUICK_HASHER):
            install()
        yield
        transaction.set_rollback(True)


def published() -> dict[str, catalog.ResourceRecord]:
    page = catalog.search(query=ListQuery(size=100), actor=PLATFORM)
    keys = {resource.name: resource.key for resource in read_platform().resources}
    return {keys[row.name]: catalog.published_by_code(code=row.code) for row in page.rows if row.name in keys}


@pytest.mark.usefixtures("_installed")
class TestInstallCity:
    def test_every_role_has_an_official_who_can_act(self) -> None:
        roles: set[Role] = set()
        for department in read_content().city.departments:
            for official in department.officials:
                actor = official_actor(username_of(department, official))
                assert actor.roles == {official.role}
                roles |= actor.roles

        assert roles == set(Role) - {Role.CITIZEN, Role.ENTERPRISE_DELEGATE}

    def test_the_public_site_announces_and_shows_whole_batches_of_ratings(self, client: Client) -> None:
        shown = client.get("/").content.decode()
        results = client.get("/services/ratings/?by=window").content.decode()

        assert all(one.title in shown for one in read_public().announcements)
        assert read_public().withdrawn.title not in shown
        assert "1号窗口" in results

    def test_service_items_are_in_force_with_sources_for_what_is_held(self) -> None:
        written = services.read_items(folder=settings.PACKS_FOLDER / "service-items")
        shown = {code: services.item(code=code, actor=Actor.anonymous(), on=AT.date()) for code in written}

        assert {"food-permit", "insured-certificate", "birth-certificate", "old-age-allowance"} <= set(shown)
        assert all(one.facts.materials and one.summary.department_id for one in shown.values())
        again = services.load_items(folder=settings.PACKS_FOLDER / "service-items", at=AT + timedelta(days=1))
        assert again == services.LoadedItems(changed=(), without_department=())

    def test_every_department_has_its_data_authority(self) -> None:
        province = read_content().city.province.code[:2]
        organs = [one for one in trust.departments().values() if one.region.startswith(province)]

        assert len(organs) >= 14
        for record in organs:
            expected = "文澜区数据局" if record.region == "470502" else "澄川市数据局"
            assert trust.data_authority_for(department_id=record.id).name == expected

    def test_every_resource_is_published_and_served(self) -> None:
        records = published()

        assert set(records) == {resource.key for resource in read_platform().resources}
        servings = lake.servings(resource_ids=[record.id for record in records.values()])
        assert len(servings) == len(records)
        assert servings[records["persons"].id].rows > SMALL * 0.99

    def test_elements_have_their_one_source(self) -> None:
        wanted = {
            element: resource.name for resource in read_platform().resources for element in resource.source_of
        }

        named = catalog.sources_of_elements(codes=wanted)

        assert {element: source.resource_name for element, source in named.items()} == wanted

    def test_every_case_type_loads_anew_where_registers_have_names(self, tmp_path: Path) -> None:
        """An edition that asks for what a named register holds would keep an installed city from starting."""
        own = Path(shutil.copytree(PACKS / "case-types", tmp_path / "types"))
        for file in own.glob("*/type.yaml"):
            file.write_text(f"# edited\n{file.read_text(encoding='utf-8')}", encoding="utf-8")

        loaded = casework.load_case_types(folder=own, at=AT + timedelta(days=1))

        assert set(loaded) == {folder.name for folder in casework.case_type_folders(folder=own)}

    def test_every_request_is_where_the_pack_says(self) -> None:
        for wanted in read_platform().requests:
            request_id = RequestId(uuid5(asking.NAMES, wanted.key))
            assert exchange.request(request_id=request_id, actor=PLATFORM).state is wanted.until

    def test_the_platform_may_read_for_forms_what_the_pack_says(self) -> None:
        codes = {key: record.code for key, record in published().items()}
        owners = {resource.key: resource.department for resource in read_platform().resources}

        for wanted in read_platform().own_uses:
            officer = official_actor(f"{owners[wanted.resource]}.officer")
            page = exchange.grants(query=ListQuery(size=100), actor=officer, at=AT)
            (grant,) = (
                one
                for one in page.rows
                if one.resource_code == codes[wanted.resource]
                and one.system_name == settings.FORMS_SYSTEM
                and one.request_id is None
            )
            assert (grant.state, grant.purposes) == ("active", (wanted.purpose,))
            assert {item.column for item in grant.fields} == set(wanted.columns)

    @pytest.mark.parametrize("code", FILLED_IN)
    def test_forms_are_filled_in_for_the_department_that_handles_them(self, code: str) -> None:
        form = json.loads((PACKS / "case-types" / code / "application.form.json").read_text(encoding="utf-8"))
        fields = [one.get("properties", {}) for one in form["components"]]
        wanted = {one["element"] for one in fields if one.get("from") == "source"} - IDENTITY
        sources = catalog.element_sources(codes=wanted)
        item = yaml.safe_load((PACKS / "service-items" / f"{code}.yaml").read_text(encoding="utf-8"))
        kind = yaml.safe_load((PACKS / "case-types" / code / "type.yaml").read_text(encoding="utf-8"))
        office = trust.department_by_code(code=item["department"]).id

        rows = exchange.grants(query=ListQuery(size=100), actor=PLATFORM, at=AT).rows
        open_columns = {
            (grant.resource_code, field.column)
            for grant in rows
            if grant.system_name == settings.FORMS_SYSTEM
            and grant.consumer_id == office
            and set(grant.purposes) & set(kind["purposes"])
            for field in grant.fields
            if field.mask is Mask.NONE
        }

        assert set(sources) == wanted
        assert {(one.resource_code, one.columns[element]) for element, one in sources.items()} <= open_columns

    def test_what_comes_back_stands_where_the_pack_says(self) -> None:
        found = {
            kind: sorted(
                row.state
                for row in exchange.matters(kind=kind, query=ListQuery(), actor=PLATFORM, at=AT).rows
            )
            for kind in exchange.MatterKind
        }

        assert found == {
            exchange.MatterKind.DEMAND: ["find_responsible", "publish_resource", "withheld"],
            exchange.MatterKind.CORRECTION: ["not_wrong", "verify"],
            exchange.MatterKind.DISPUTE: ["respond"],
            exchange.MatterKind.MISUSE: [],
        }

    def test_seals_stand_where_the_pack_says_and_have_sealed(self) -> None:
        for wanted in read_seals().seals:
            officer = official_actor(f"{wanted.department}.officer")
            (seal,) = (
                one
                for one in trust.seals_of_department(actor=officer, at=AT)
                if one.purpose == wanted.purpose
            )
            assert (seal.name, seal.state) == (
                wanted.name,
                "in_use" if wanted.until == "in_use" else "applied",
            )

    def test_certificates_have_issuers_with_seals_and_people_hold_some(self) -> None:
        for issuing in read_certifying().issuers:
            for code in issuing.types:
                (issuer,) = certificates.issuers(type_code=code)
                assert issuer.seal_name, code
        market = official_actor("market.officer")
        before = AT - timedelta(days=max(one.days_ago for one in applying.read_applications()))
        issued = certificates.counts_by_type(codes=["business-licence"], actor=market, at=before)

        assert issued["business-licence"][1] >= 1

    def test_anybody_may_try_the_check_with_an_example(self) -> None:
        page = Client().get("/trust/seals/check/").content.decode()
        said = {
            name: Client().get(f"/trust/seals/check/?example={name}").content.decode() for name in EXAMPLES
        }

        assert all(f"?example={name}" in page for name in EXAMPLES)
        for name in ("pdf", "ofd"):
            assert "印章真实，文件内容与盖章时一致" in said[name]
            assert "由本平台盖章，并已记入存证日志" in said[name]
        assert "请勿采信此印章" in said["changed"]
        assert Client().get("/trust/seals/check/example/pdf").content.startswith(b"%PDF-")
        assert Client().get("/trust/seals/check/example/none").status_code == 404

    def test_lights_of_all_colours_shine(self) -> None:
        inboxes = [
            casework.inbox(actor=official_actor(f"{key}.officer"), query=ListQuery(), at=AT)
            for key in ("social", "civil")
        ]

        assert {str(task.light) for page in inboxes for task in page.rows} >= {"red", "yellow"}

    def test_a_second_run_changes_nothing(self) -> None:
        with CaptureQueriesContext(transaction.get_connection()) as captured:
            said = install(AT + timedelta(days=1))

        assert said == []
        written = [
            sql
            for query in captured
            if (sql := query["sql"] or "").startswith(("INSERT", "UPDATE", "DELETE"))
        ]
        assert written == []
        assert len(captured) < 500

    def test_an_interrupted_installation_goes_on(self) -> None:
        request = next(one for one in read_platform().requests if one.until is exchange.RequestState.DRAFT)
        request_id = RequestId(uuid5(asking.NAMES, request.key))

        exchange.submit_request(
            request_id=request_id, actor=official_actor(f"{request.consumer}.officer"), at=AT
        )

        assert install() == []
        assert (
            exchange.request(request_id=request_id, actor=PLATFORM).state is not exchange.RequestState.REFUSED
        )


@pytest.mark.usefixtures("_installed")
class TestAccounts:
    def test_names_everybody_with_the_password_of_this_installation(self) -> None:
        accounts = demo_account_list()

        assert len({account.username for account in accounts}) == len(accounts) > 40
        assert len({account.password for account in accounts}) == 1
        assert accounts[0].password
        assert {role for account in accounts for role in account.roles} == set(Role)

    def test_tells_the_accounts_to_begin_with(self) -> None:
        lines = account_lines()

        assert demo_account_list()[0].password in lines[0]
        assert any("police.officer" in line for line in lines)
        assert any("citizen.1" in line for line in lines)

    def test_tells_a_command_that_the_shell_finds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        place = Path(sys.executable).parent
        monkeypatch.chdir(place.parent)

        monkeypatch.setenv("PATH", "/nowhere")
        away = account_lines()[-2]
        monkeypatch.setenv("PATH", str(place))
        near = account_lines()[-2]

        assert away.endswith(f"more: {place.name}/zhengshu city accounts")
        assert near.endswith("more: zhengshu city accounts")


class TestCommands:
    def test_builds_into_a_folder(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(city_command, ["build", "--persons", "300", "--out", str(tmp_path)])

        assert done.exit_code == 0, done.output
        assert "police/persons.csv" in done.output


@pytest.mark.usefixtures("_installed")
class TestApplications:
    @pytest.fixture(autouse=True)
    def _nothing_kept(self) -> Iterator[None]:
        file = data_folder("demo-city") / "applications.json"
        file.unlink(missing_ok=True)
        yield
        file.unlink(missing_ok=True)

    def ask(self) -> list[str]:
        """Let people ask while no gateway runs; what its registers would say is played."""
        said: list[str] = []
        known = {f"id_{number}": SAID for one in public_people() for number in (one.citizen_id, one.code)}
        with override_settings(GATEWAY_URL="http://127.0.0.1:9"), registers(**known):
            applying.install_applications(at=AT, say=said.append, wait=self.hear)
        return said

    def hear(self) -> None:
        deliver_due(at=timezone.now())

    def test_name_accounts_that_there_are(self) -> None:
        known = {account.username for account in demo_account_list()}

        for wanted in applying.read_applications():
            named = {wanted.who, getattr(wanted, "window", ""), *(step.by for step in wanted.steps)} - {""}
            assert named <= known, wanted.key

    def test_are_made_in_all_states_and_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wanted = applying.read_applications()
        monkeypatch.setattr(applying, "read_applications", lambda: wanted[:3])
        self.ask()
        monkeypatch.undo()

        said = self.ask()

        assert [line for line in said if "stays as it is" in line] == []
        assert not applying.are_applications_due()
        alone = [one for one in wanted if isinstance(one, applying.Wanted)]
        made = Application.objects.filter(bundle_id=None)
        states = Counter(made.values_list("state", flat=True))
        drafts = sum(one.until == applying.DRAFT for one in alone)
        assert states.keys() == {"open", "granted", "refused", "withdrawn"}
        assert sum(states.values()) == len(alone) - drafts
        parts = BundlePart.objects.values_list("draft_id")
        begun = FormDraft.objects.filter(sent_at=None, task=None).exclude(pk__in=parts)
        assert begun.count() == drafts
        assert set(BundlePart.objects.values_list("state", flat=True)) == {"done", "open"}
        used = RatingInvitation.objects.filter(used_at__isnull=False, case_id__isnull=False)
        assert used.count() == sum(one.rating is not None for one in alone)
        assert self.ask() == []
