"""Credit codes, citizen IDs, certificate numbers, regions, phones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_37_36 as stdnum_mod_37_36

from zhengshu.kernel.certificates import CertificateCheckWrong, CertificateNumber, CertificateNumberInvalid
from zhengshu.kernel.checks import CREDIT_ALPHABET, citizen_check, credit_check, mod_37_36
from zhengshu.kernel.citizen_id import (
    CitizenId,
    CitizenIdBirthImpossible,
    CitizenIdCharacterWrong,
    CitizenIdCheckWrong,
    CitizenIdLengthWrong,
    Sex,
)
from zhengshu.kernel.credit_code import (
    CreditCode,
    CreditCodeCharacterWrong,
    CreditCodeCheckWrong,
    CreditCodeLengthWrong,
)
from zhengshu.kernel.phones import Phone, PhoneInvalid, PhoneKind
from zhengshu.kernel.regions import RegionCode, RegionCodeInvalid, RegionLevel
from zhengshu.kernel.tests.strategies import alphanumerics, citizen_ids, credit_codes, regions

# Published codes of public bodies, as the regulation notes list them.
PUBLIC_BODIES = (
    "11100000000013338W",
    "11430000006122244L",
    "11420503087246977F",
    "11110000000021135M",
    "11100000MB03271699",
)


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


class TestCreditCode:
    @pytest.mark.parametrize("code", PUBLIC_BODIES)
    def test_reads_the_codes_of_public_bodies(self, code: str) -> None:
        assert str(CreditCode.parse(code)) == code

    @given(credit_codes(heads="123459"))
    def test_agrees_with_stdnum_on_right_codes(self, code: str) -> None:
        assert uscc.is_valid(code)
        assert CreditCode.is_valid(code)

    @given(credit_codes())
    def test_accepts_the_registering_authorities_that_are_letters(self, code: str) -> None:
        assert str(CreditCode.parse(code)) == code

    @given(credit_codes(heads="123459"), st.integers(8, 17), st.sampled_from(CREDIT_ALPHABET))
    def test_agrees_with_stdnum_on_mistyped_codes(self, code: str, position: int, letter: str) -> None:
        mistyped = code[:position] + letter + code[position + 1 :]

        assert CreditCode.is_valid(mistyped) == uscc.is_valid(mistyped) == (mistyped == code)

    @given(credit_codes())
    def test_understands_full_width_small_letters_and_blanks(self, code: str) -> None:
        typed = f" {wide(code[:8].lower())} {code[8:].lower()}　"

        assert str(CreditCode.parse(typed)) == code

    @given(st.text(max_size=24))
    def test_is_valid_means_that_parse_reads_it(self, text: str) -> None:
        try:
            CreditCode.parse(text)
            is_read = True
        except (CreditCodeLengthWrong, CreditCodeCharacterWrong, CreditCodeCheckWrong):
            is_read = False

        assert CreditCode.is_valid(text) == is_read

    def test_says_which_part_failed(self) -> None:
        with pytest.raises(CreditCodeLengthWrong, match="this one has 17"):
            CreditCode.parse("1110000000001333W")
        with pytest.raises(CreditCodeCharacterWrong, match="Character 9 "):
            CreditCode.parse("11100000O00013338W")
        with pytest.raises(CreditCodeCheckWrong):
            CreditCode.parse("11100000000013339W")

    def test_tells_its_parts(self) -> None:
        code = CreditCode.parse("11420503087246977F")

        assert (code.authority, code.category, code.region, code.subject) == (
            "1",
            "1",
            RegionCode("420503"),
            "087246977",
        )


class TestCitizenId:
    @given(citizen_ids())
    def test_agrees_with_stdnum_on_the_check_character(self, number: str) -> None:
        assert ric.calc_check_digit(number) == citizen_check(number[:-1]) == number[-1]
        assert CitizenId.is_valid(number)

    @given(st.dates(date(1991, 1, 1), date(2020, 12, 31)), st.integers(0, 999))
    def test_agrees_with_stdnum_on_a_region_that_exists(self, born_on: date, sequence: int) -> None:
        body = f"360426{born_on:%Y%m%d}{sequence:03}"

        for check in "0123456789X":
            assert CitizenId.is_valid(body + check) == ric.is_valid(body + check)

    @given(citizen_ids(), st.integers(0, 17), st.sampled_from("0123456789"))
    def test_finds_every_single_mistyped_digit(self, number: str, position: int, digit: str) -> None:
        mistyped = number[:position] + digit + number[position + 1 :]

        assert CitizenId.is_valid(mistyped) == (mistyped == number)

    @given(citizen_ids())
    def test_tells_birth_sex_and_region(self, number: str) -> None:
        citizen = CitizenId.parse(wide(number.lower()))

        assert citizen.born_on == date.fromisoformat(number[6:14])
        assert citizen.sex == (Sex.MALE if number[16] in "13579" else Sex.FEMALE)
        assert str(citizen.region) == number[:6]

    @given(citizen_ids(), st.integers(0, 18), st.sampled_from("\u200b\u200e\u202d\u2060\ufeff\xad"))
    def test_reads_what_was_pasted_with_signs_that_nobody_sees(
        self, number: str, position: int, unseen: str
    ) -> None:
        assert str(CitizenId.parse(number[:position] + unseen + number[position:])) == number

    def test_says_which_part_failed_without_showing_the_number(self) -> None:
        for text, sentence in (
            ("36042619910101007", CitizenIdLengthWrong),
            ("36042619910101O071", CitizenIdCharacterWrong),
            ("360426199102300073", CitizenIdBirthImpossible),
            ("360426199101010072", CitizenIdCheckWrong),
        ):
            with pytest.raises(sentence) as caught:
                CitizenId.parse(text)
            assert text[6:14] not in str(caught.value)

    def test_upgrades_a_number_of_the_first_generation(self) -> None:
        assert str(CitizenId.from_first_generation("360426910101007")) == "360426199101010071"
        with pytest.raises(CitizenIdLengthWrong):
            CitizenId.from_first_generation("3604269101010")
        with pytest.raises(CitizenIdCharacterWrong):
            CitizenId.from_first_generation("36042691010100X")

    @given(st.text(max_size=20))
    def test_reads_or_refuses_whatever_is_typed(self, text: str) -> None:
        try:
            CitizenId.parse(text)
            is_read = True
        except (CitizenIdLengthWrong, CitizenIdCharacterWrong, CitizenIdBirthImpossible, CitizenIdCheckWrong):
            is_read = False

        assert CitizenId.is_valid(text) == is_read


class TestCertificateNumber:
    @given(alphanumerics)
    def test_check_agrees_with_stdnum(self, body: str) -> None:
        assert mod_37_36(body) == stdnum_mod_37_36.calc_check_digit(body)

    @given(
        credit_codes(),
        credit_codes(),
        st.text("0123456789ABCDEF", min_size=1, max_size=32),
        st.integers(1, 999),
    )
    def test_what_is_made_is_read_back(self, definer: str, issuer: str, serial: str, version: int) -> None:
        number = CertificateNumber.of(
            kind=definer + "001", issuer=CreditCode(issuer), serial=serial, version=version
        )

        assert CertificateNumber.parse(str(number)) == number
        assert CertificateNumber.parse(str(number).removeprefix("1.2.156.3005.2.").lower()) == number

    def test_refuses_another_check_character_and_other_shapes(self) -> None:
        number = str(CertificateNumber.of(kind="ABCD", issuer=CreditCode(PUBLIC_BODIES[0]), serial="1"))
        other = "0" if number[-1] != "0" else "1"

        with pytest.raises(CertificateCheckWrong):
            CertificateNumber.parse(number[:-1] + other)
        assert not CertificateNumber.is_valid(number.replace(".001.", ".1."))
        assert not CertificateNumber.is_valid(number.replace(PUBLIC_BODIES[0], "11100000000013339W"))
        with pytest.raises(CertificateNumberInvalid):
            CertificateNumber.of(kind="ABCD", issuer=CreditCode(PUBLIC_BODIES[0]), serial="a.b")


class TestRegionCode:
    @pytest.mark.parametrize(
        ("text", "level", "parent"),
        [
            ("100000", RegionLevel.NATION, None),
            ("470000", RegionLevel.PROVINCE, "100000"),
            ("470300", RegionLevel.CITY, "470000"),
            ("470302", RegionLevel.COUNTY, "470300"),
            ("470302004", RegionLevel.TOWN, "470302"),
            ("470302004007", RegionLevel.COMMUNITY, "470302004"),
        ],
    )
    def test_knows_its_level_and_parent(self, text: str, level: RegionLevel, parent: str | None) -> None:
        region = RegionCode.parse(text)

        assert region.level == level
        assert region.parent == (None if parent is None else RegionCode(parent))

    @pytest.mark.parametrize(
        "text", ["", "47", "47030", "970302", "470002", "4703020040", "470302000007", "47030a"]
    )
    def test_refuses_other_forms(self, text: str) -> None:
        assert not RegionCode.is_valid(text)
        with pytest.raises(RegionCodeInvalid):
            RegionCode.parse(text)

    def test_takes_away_zeros_that_say_nothing(self) -> None:
        assert RegionCode.parse("４７０３０２００４０００") == RegionCode("470302004")
        assert RegionCode.parse("470300000000") == RegionCode("470300")

    @given(regions)
    def test_contains_exactly_what_lies_below(self, text: str) -> None:
        region = RegionCode.parse(text)

        assert all(upper.contains(region) for upper in region.upward())
        assert [upper for upper in region.upward() if region.contains(upper)] == [region]


class TestPhone:
    @pytest.mark.parametrize(
        "typed",
        [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "0086-13800138000",
            "86-13800138000",
        ],
    )
    def test_reads_mobiles(self, typed: str) -> None:
        assert Phone.parse(typed) == Phone.parse(wide(typed)) == Phone(PhoneKind.MOBILE, "", "13800138000")

    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("0371-66668888", "0371-66668888"),
            ("（0371）66668888", "0371-66668888"),
            ("+86 371 6666 8888", "0371-66668888"),
            ("010 6666 8888 转 801", "010-66668888-801"),
            ("010-66668888-801", "010-66668888-801"),
            ("0380-2345678 分机：12", ""),
            ("0380-2345678 分机12", "0380-2345678-12"),
        ],
    )
    def test_reads_landlines(self, typed: str, number: str) -> None:
        assert str(Phone.parse(typed)) == (number or "0380-2345678-12")

    @pytest.mark.parametrize(
        "typed", ["", "66668889", "12800138000", "1380013800", "138001380001", "0371-0666888", "电话"]
    )
    def test_refuses_other_numbers_without_showing_them(self, typed: str) -> None:
        with pytest.raises(PhoneInvalid) as caught:
            Phone.parse(typed)
        assert not typed or typed not in str(caught.value)
        assert not Phone.is_valid(typed)

    @given(st.text(max_size=20))
    def test_what_is_read_is_read_again(self, text: str) -> None:
        if Phone.is_valid(text):
            assert Phone.parse(str(Phone.parse(text))) == Phone.parse(text)


class TestCheckCharacters:
    def test_of_credit_codes_and_certificates(self) -> None:
        assert credit_check("11100000000013338") == "W"
        assert mod_37_36("A12425GABC1234002") == "M"
