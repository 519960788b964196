"""The twenty rules as somebody who knows Polars well would write them; alone, and as what other peers are given."""

import datetime as dt
import time

import polars as pl  # type: ignore[import-not-found,unused-ignore]  # installed for benches only

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def conditions() -> list[pl.Expr]:
    """Return what must hold for each row."""
    regions = pl.Series([str(100000 + number * 3) for number in range(3224)])
    credit = sum(
        (
            pl.col("credit_code").str.slice(place, 1).replace_strict(
                list(CREDIT), list(range(31)), default=None, return_dtype=pl.Int32
            ) * pow(3, place, 31)
            for place in range(17)
        ),
        pl.lit(0),
    )  # fmt: skip
    citizen = sum(
        (
            pl.col("person_id").str.slice(n, 1).cast(pl.Int32, strict=False) * pow(2, 17 - n, 11)
            for n in range(17)
        ),
        pl.lit(0),
    )
    last = pl.col("person_id").str.slice(17, 1)
    founded, credit_code = pl.col("founded_on"), pl.col("credit_code")
    return [
        credit_code.is_not_null(), pl.col("name") != "", pl.col("person") != "", founded.is_not_null(),
        ((31 - credit % 31) % 31) == credit_code.str.slice(17, 1).replace_strict(
            list(CREDIT), list(range(31)), default=None, return_dtype=pl.Int32),
        (citizen % 11).replace_strict(list(range(11)), list("10X98765432"), default=None) == last,
        credit_code.str.len_chars() == 18, pl.col("name").str.len_chars().is_between(4, 200),
        pl.col("phone").str.contains("^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$"),
        pl.col("industry").str.contains("^[A-T][0-9]{4}$"), ~pl.col("name").str.contains("[！-～]"),
        pl.col("region").is_in(regions.implode()), pl.col("state").is_in(["1", "2", "3", "4", "5", "9"]),
        pl.col("capital").is_between(0, 100000000),
        founded.is_between(dt.date(1949, 10, 1), dt.date(2026, 6, 30)), founded <= pl.col("approved_on"),
        (pl.col("state") != "3") | (pl.col("capital") >= 0), credit_code.str.slice(2, 6) == pl.col("region"),
        ~pl.col("person").str.contains("[0-9]"),
    ]  # fmt: skip


def check(file: str) -> dict[str, float]:
    """Count the rows that fail, lazily and streaming."""
    counts = [(~condition).sum().alias(f"r{number}") for number, condition in enumerate(conditions())]
    credit_code = pl.col("credit_code")
    counts.append((credit_code.count() - credit_code.drop_nulls().n_unique()).alias("unique"))
    started = time.perf_counter()
    pl.scan_parquet(file).select(counts).collect(engine="streaming")
    return {"seconds": time.perf_counter() - started}
