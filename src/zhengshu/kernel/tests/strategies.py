"""Identifiers, right by construction, for property tests."""

from datetime import date

from hypothesis import strategies as st

from zhengshu.kernel.checks import ALPHANUMERIC, CREDIT_ALPHABET, citizen_check, credit_check

regions = st.builds(
    lambda province, city, county: f"{province}{city:02}{county:02}",
    st.integers(11, 82),
    st.integers(1, 99),
    st.integers(1, 99),
)
birthdays = st.dates(date(1850, 1, 1), date(2030, 12, 31))


@st.composite
def citizen_ids(draw: st.DrawFn) -> str:
    body = f"{draw(regions)}{draw(birthdays):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + citizen_check(body)


@st.composite
def credit_codes(draw: st.DrawFn, heads: str = CREDIT_ALPHABET) -> str:
    head = draw(st.text(heads, min_size=2, max_size=2))
    body = head + draw(regions) + draw(st.text(CREDIT_ALPHABET, min_size=9, max_size=9))
    return body + credit_check(body)


alphanumerics = st.text(ALPHANUMERIC, min_size=1, max_size=40)
