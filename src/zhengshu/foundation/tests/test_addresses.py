import pytest

from zhengshu.foundation.addresses import public_url
from zhengshu.foundation.tlog.keys import LogRenamed, log_origin, require_name


class TestPublicUrl:
    @pytest.mark.parametrize(
        ("environment", "url"),
        [
            ({}, "http://localhost:8000"),
            ({"ZHENGSHU_HOST": "0.0.0.0", "ZHENGSHU_WEB_PORT": "80"}, "http://localhost:80"),  # noqa: S104
            ({"ZHENGSHU_HOST": "10.1.2.3"}, "http://10.1.2.3:8000"),
            ({"ZHENGSHU_HOST": "fd00::5"}, "http://[fd00::5]:8000"),
            ({"ZHENGSHU_HOST": "10.1.2.3", "ZHENGSHU_PUBLIC_URL": "https://data.city"}, "https://data.city"),
        ],
    )
    def test_is_a_name_where_there_is_one(self, environment: dict[str, str], url: str) -> None:
        assert public_url(environment) == url


class TestNameOfTheLog:
    @pytest.mark.parametrize(
        ("environment", "origin"),
        [
            ({}, "localhost:8000/trust/log"),
            ({"ZHENGSHU_PUBLIC_URL": "https://data.city/"}, "data.city/trust/log"),
            ({"ZHENGSHU_PROOF_LOG_ORIGIN": "log.city", "ZHENGSHU_HOST": "10.1.2.3"}, "log.city"),
        ],
    )
    def test_follows_the_public_address_unless_it_is_given(
        self, environment: dict[str, str], origin: str
    ) -> None:
        assert log_origin(environment) == origin

    def test_is_the_recorded_one_or_refused_with_the_way_out(self) -> None:
        require_name("log.city", recorded="log.city")
        require_name("log.city", recorded=None)

        with pytest.raises(LogRenamed) as refused:
            require_name("other.city", recorded="log.city")

        assert "Set ZHENGSHU_PROOF_LOG_ORIGIN=log.city" in refused.value.text()
