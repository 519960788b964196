"""What a foreign log gives us is verified: its proofs, its tiles, its checkpoints; and refused with one bit changed."""

import os
import random
import subprocess
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from zhengshu.foundation.tlog.merkle import ProofWrong, check_consistency, check_inclusion
from zhengshu.foundation.tlog.monitor import Monitor
from zhengshu.foundation.tlog.notes import verifier

COUNT, MOST = 600, 3000
NAME = "example.org/another-make"
Make = Callable[..., str]


class Vector(msgspec.Struct, frozen=True):
    """A proof as the foreign log made it."""

    kind: str
    index: int
    old: int
    size: int
    leaf: bytes | None
    root: bytes
    was: bytes | None
    proof: tuple[bytes, ...]

    def holds(self) -> bool:
        try:
            if self.kind == "inclusion":
                check_inclusion(
                    leaf=self.leaf or b"", index=self.index, size=self.size, proof=self.proof, root=self.root
                )
            else:
                check_consistency(
                    old=self.old,
                    new=self.size,
                    proof=self.proof,
                    old_root=self.was or b"",
                    new_root=self.root,
                )
        except ProofWrong:
            return False
        return True


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return the Go program that makes foreign proofs and logs; built with Debian's packages alone."""
    place = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(place / "cache"),
        "GOFLAGS": "",
    }
    source, program = Path(__file__).with_name("tlog_vectors") / "main.go", place / "vectors"
    subprocess.run(["go", "build", "-o", str(program), str(source)], env=environment, check=True)

    def run(*words: object) -> str:
        return subprocess.run(
            [str(program), *map(str, words)], capture_output=True, text=True, check=True
        ).stdout

    return run


@pytest.fixture(scope="module")
def vectors(make: Make) -> list[Vector]:
    return [msgspec.json.decode(line, type=Vector) for line in make("proofs", MOST, COUNT, 1).splitlines()]


def flipped(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) * 8)
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def spoilt(vector: Vector, chance: random.Random) -> list[Vector]:
    """Return a proof changed in each of its parts."""
    steps, lies = vector.proof, [replace(vector, root=flipped(vector.root, chance))]
    for place in range(len(steps)):
        changed = (*steps[:place], flipped(steps[place], chance), *steps[place + 1 :])
        lies.append(replace(vector, proof=changed))
    lies.append(replace(vector, proof=(*steps, bytes(32))))
    if steps:
        lies += [replace(vector, proof=steps[1:]), replace(vector, proof=steps[:-1])]
    if vector.kind == "inclusion":
        lies.append(replace(vector, leaf=flipped(vector.leaf or b"", chance)))
        lies += [replace(vector, index=index) for index in (vector.size, -1)]
    else:
        lies.append(replace(vector, was=flipped(vector.was or b"", chance)))
        lies += [replace(vector, old=old) for old in (vector.size + 1, 0)]
    return lies


class TestProofs:
    def test_of_a_foreign_log_hold(self, vectors: list[Vector]) -> None:
        assert len(vectors) == COUNT
        assert {one.kind for one in vectors} == {"inclusion", "consistency"}
        assert [one for one in vectors if not one.holds()] == []

    def test_changed_anywhere_do_not(self, vectors: list[Vector]) -> None:
        chance = random.Random(1)  # noqa: S311 - the same lies each time
        lies = [lie for one in vectors for lie in spoilt(one, chance)]

        assert len(lies) > COUNT
        assert [lie for lie in lies if lie.holds()] == []

    @pytest.mark.parametrize("bad", [b"", bytes(31), bytes(33)])
    def test_of_what_are_no_hashes_do_not(self, bad: bytes) -> None:
        with pytest.raises(ProofWrong):
            check_inclusion(leaf=bad, index=0, size=1, proof=(), root=bad)
        with pytest.raises(ProofWrong):
            check_inclusion(leaf=bytes(32), index=0, size=2, proof=(bad,), root=bytes(32))
        with pytest.raises(ProofWrong):
            check_consistency(old=1, new=2, proof=(bad,), old_root=bytes(32), new_root=bytes(32))


class TestLog:
    @pytest.mark.parametrize("size", [1, 256, 257, 70_000])
    def test_of_another_make_is_recomputed(self, make: Make, tmp_path: Path, size: int) -> None:
        vkey = make("log", tmp_path, NAME, size).strip()

        walked = monitor(tmp_path, vkey).walk()

        assert (walked.size, walked.faults) == (size, ())

    def test_of_another_make_is_refused_with_one_bit_flipped(self, make: Make, tmp_path: Path) -> None:
        vkey, chance = make("log", tmp_path, NAME, 600).strip(), random.Random(2)  # noqa: S311 - as above
        files = sorted(file for file in tmp_path.rglob("*") if file.is_file())
        assert len(files) >= 8
        for number, file in enumerate(files):
            right = file.read_bytes()
            last = right.index(b"\n\n") if file.name == "checkpoint" else len(right)
            file.write_bytes(flipped(right[:last], chance) + right[last:])

            assert monitor(tmp_path, vkey, memory=f"memory-{number}").walk().faults, file
            file.write_bytes(right)
        assert monitor(tmp_path, vkey).walk().faults == ()


def monitor(folder: Path, vkey: str, *, memory: str = "memory") -> Monitor:
    return Monitor(
        fetch=lambda path: (folder / path).read_bytes(),
        verifiers=[verifier(vkey)],
        folder=folder.with_name(f"{folder.name}-{memory}"),
        zone=UTC,
        is_foreign=True,
    )
