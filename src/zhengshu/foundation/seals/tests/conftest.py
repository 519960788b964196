import pytest

from zhengshu.foundation.seals.tests.makers import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def sealed_ofd(authority: Authority) -> bytes:
    return authority.sealed_ofd()


@pytest.fixture(scope="session")
def sealed_pdf(authority: Authority) -> bytes:
    return authority.sealed_pdf()
