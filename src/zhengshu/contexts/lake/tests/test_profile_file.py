"""What an unknown file looks like to the catalogue."""

from pathlib import Path

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.tests import factories


class TestSample:
    def test_is_spread_over_all_rows_and_weighs_values_as_often_as_they_occur(self, tmp_path: Path) -> None:
        days = [f"20{year:02d}-{month:02d}-01" for year in range(20) for month in range(1, 13)]
        states = ["存续"] * 9_000 + ["注销"] * 3_000 + days
        rows = [
            ["企业名称", "登记状态"],
            *([f"第{number}公司", state] for number, state in enumerate(states)),
        ]
        source = factories.file(tmp_path, "".join(",".join(row) + "\n" for row in rows))

        _, status = api.profile(source=source, file_name=source.name).columns

        shares = {state: status.values.count(state) / len(status.values) for state in ("存续", "注销")}
        assert 0.7 < shares["存续"] < 0.76
        assert 0.22 < shares["注销"] < 0.27
        assert status.distinct == 242

    def test_knows_the_longest_value_wherever_it_stands(self, tmp_path: Path) -> None:
        names = ["甲"] * 997 + ["乙" * 80] + ["丙"] * 2
        source = factories.file(
            tmp_path, "名称,数\n" + "".join(f"{name},{number}\n" for number, name in enumerate(names))
        )

        name, _ = api.profile(source=source, file_name=source.name).columns

        assert name.longest == 80
