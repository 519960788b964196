"""Documents sealed a minute on one core: set, sealed and timestamped, as PDF and as OFD; and checked."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bench.harness import Result, median_of, write_results
from zhengshu.foundation.seals.ofd_checking import Trust, check_ofd
from zhengshu.foundation.seals.ofd_sealing import seal_ofd
from zhengshu.foundation.seals.ofd_writing import write_ofd
from zhengshu.foundation.seals.pdf_checking import check_pdf
from zhengshu.foundation.seals.pdf_sealing import seal_pdf
from zhengshu.foundation.seals.tests.makers import NOW, TEXT, Authority
from zhengshu.foundation.seals.typesetting import typeset

SECONDS = 3.0


class Bench:
    """One authority with a seal for each kind of file; every document has a number of its own."""

    def __init__(self) -> None:
        """Make keys and certificates, which are not measured."""
        self.authority = Authority()
        self.pdf_seal, self.ofd_seal = self.authority.pdf_seal(), self.authority.ofd_seal()
        self.ask, self.made = self.authority.stamper().answer, 0

    def pdf(self) -> bytes:
        """Set and seal a PDF."""
        self.made += 1
        text = typeset(replace(TEXT, number=f"XK-{self.made}"))
        return seal_pdf(text.pdf, place=text.place, seal=self.pdf_seal, reason="", ask=self.ask)

    def ofd(self) -> bytes:
        """Set and seal an OFD document."""
        self.made += 1
        text = write_ofd(replace(TEXT, number=f"XK-{self.made}"))
        return seal_ofd(text.ofd, place=text.place, seal=self.ofd_seal, ask=self.ask, at=NOW)


def main() -> None:
    """Measure and write the results."""
    bench = Bench()
    pdf, ofd, trust = bench.pdf(), bench.ofd(), Trust(bench.authority.trusted)
    write_results(
        "seals",
        [
            _result("pdf sealed", bench.pdf),
            _result("ofd sealed", bench.ofd),
            _result("pdf checked", lambda: check_pdf(pdf, trust=trust, at=NOW)),
            _result("ofd checked", lambda: check_ofd(ofd, trust=trust, at=NOW)),
        ],
    )


def _result(name: str, work: Callable[[], object]) -> Result:
    value, runs = median_of(partial(_rate, work))
    return Result(name=name, value=value, unit="a minute", better="higher", runs=runs)


def _rate(work: Callable[[], object]) -> float:
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        work()
        done += 1
    return 60 * done / spent


if __name__ == "__main__":
    main()
