import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.tlog.tiles import ENTRIES, Tile, TileReader, TileWrong, bundle, tiles_of, unbundle


class TestPath:
    @pytest.mark.parametrize(
        ("tile", "path"),
        [
            (Tile(0, 0), "tile/0/000"),
            (Tile(0, 1234067), "tile/0/x001/x234/067"),
            (Tile(1, 5, 17), "tile/1/005.p/17"),
            (Tile(ENTRIES, 273, 112), "tile/entries/273.p/112"),
        ],
    )
    def test_is_as_specified(self, tile: Tile, path: str) -> None:
        assert tile.path == path
        assert Tile.of_path(path) == tile

    @given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
    def test_leads_back(self, level: int, number: int, width: int) -> None:
        assert Tile.of_path(Tile(level, number, width).path) == Tile(level, number, width)

    @pytest.mark.parametrize(
        "path",
        [
            "tile/64/000",
            "tile/00/000",
            "tile/0/x000/001",
            "tile/0/1",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/999",
            "tile/0/../../etc/passwd",
            "tile/data/000",
            "tile/0/000\n",
            "",
        ],
    )
    def test_any_other_spelling_is_no_tile(self, path: str) -> None:
        assert Tile.of_path(path) is None


class TestTilesOf:
    def test_follows_the_example_of_the_specification(self) -> None:
        tiles = [tile for tile in tiles_of(70_000) if tile.level >= 0]

        assert len([tile for tile in tiles if tile.level == 0 and tile.width == 256]) == 273
        assert {Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)} <= set(tiles)
        assert len(tiles) == 273 + 1 + 1 + 1 + 1

    def test_a_full_tile_begins_the_level_above(self) -> None:
        assert [tile for tile in tiles_of(256) if tile.level >= 0] == [Tile(0, 0), Tile(1, 0, 1)]


class TestBundle:
    @given(st.lists(st.binary(max_size=600), max_size=20))
    def test_leads_back(self, entries: list[bytes]) -> None:
        assert unbundle(bundle(entries), width=len(entries)) == tuple(entries)

    @pytest.mark.parametrize("content", [b"\0", b"\0\x05abc", b"\0\x01a\0\x01b"])
    def test_refuses_what_ends_within_an_entry_or_holds_more(self, content: bytes) -> None:
        with pytest.raises(TileWrong):
            unbundle(content, width=1)

    def test_an_entry_has_at_most_65535_bytes(self) -> None:
        with pytest.raises(ValueError, match="65,535"):
            bundle([bytes(65_536)])


class TestReader:
    def test_says_which_tile_is_too_short(self) -> None:
        with pytest.raises(TileWrong, match="0/0 is too short"):
            TileReader(5, lambda _: bytes(32 * 4))(0, 4)

    def test_asks_for_no_tile_that_the_log_does_not_have(self) -> None:
        with pytest.raises(TileWrong, match="no tile"):
            TileReader(5, lambda _: b"")(0, 256)
