"""Keep the Chinese translation complete: `python -m tools.messages update|compile|check|prune [AREA …]`.

Message ids come from the Python code (gettext calls and the `message` of every refusal) and from the templates.
An area is a context, or `foundation`, which also speaks for kernel and project.

- ``update`` adds missing ids to the area's catalogue, with the words of another area that has the same id;
- ``compile`` writes the binary catalogues that Django reads;
- ``check`` names every id that is missing, untranslated, fuzzy or whose places differ; exit code 1 if any;
- ``prune`` drops ids that the sources no longer hold, except those with the comment "dynamic".
"""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "zhengshu"
LANGUAGE = "zh_Hans"
HOUSE = ("kernel", "foundation", "project")
LEFT_OUT = frozenset({"tests", "migrations", "locale"})
SINGULAR = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
CONTEXTUAL = frozenset({"pgettext", "pgettext_lazy"})
SENTENCES = frozenset({"Fault", "Reason"})
"""Frozen types of the domain whose `message` is a message id, for there is no gettext in the domain."""
FAULTS = frozenset({"OutsideTheLanguage", "PatternUnfit", "ExampleUnfit"})
"""Exceptions of the domain whose first argument is a message id."""
PLACE = re.compile(r"%\((\w+)\)")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
"""A template's own indentation means nothing, but the reader of Python would stumble over it."""
TEMPLATE_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "gettext_noop": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message id as the sources use it."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one entry of the catalogue."""
        return self.context, self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the house with a catalogue of its own."""

    name: str
    folders: tuple[Path, ...]
    locale: Path

    @property
    def catalogue(self) -> Path:
        """The file that people edit."""
        return self.locale / LANGUAGE / "LC_MESSAGES" / "django.po"


def areas() -> tuple[Area, ...]:
    """Return the foundation and every context."""
    house = Area(
        name="foundation",
        folders=tuple(SOURCE / name for name in HOUSE),
        locale=SOURCE / "foundation" / "locale",
    )
    contexts = sorted(path for path in (SOURCE / "contexts").iterdir() if (path / "apps.py").is_file())
    return (house, *(Area(name=path.name, folders=(path,), locale=path / "locale") for path in contexts))


def messages_of(area: Area) -> dict[Message, set[str]]:
    """Return the messages of an area with the files that use them."""
    found: dict[Message, set[str]] = {}
    for file in _files(area.folders):
        place = file.relative_to(ROOT).as_posix()
        text = file.read_text(encoding="utf-8")
        read = _of_python(text) if file.suffix == ".py" else _of_template(text, place)
        for message in read:
            found.setdefault(message, set()).add(place)
    return found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for pattern in ("*.py", "*.html", "*.txt"):
            for file in sorted(folder.rglob(pattern)):
                inside = set(file.relative_to(folder).parts)
                is_template = file.suffix == ".py" or "templates" in inside
                if is_template and not inside & LEFT_OUT:
                    yield file


def _of_python(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.ClassDef):
            yield from (Message(text=sentence) for sentence in _sentences(node))


def _of_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [
        argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""
        for argument in call.args
    ]
    if name in SINGULAR | FAULTS and texts[:1] and texts[0]:
        yield Message(text=texts[0])
    elif name in PLURAL and all(texts[:2]):
        yield Message(text=texts[0], plural=texts[1])
    elif name in CONTEXTUAL and all(texts[:2]):
        yield Message(text=texts[1], context=texts[0])
    elif name in SENTENCES:
        yield from (Message(text=text) for text in _message_of(call))


def _message_of(call: ast.Call) -> Iterator[str]:
    """Yield the keyword argument `message`, one text or a choice of two."""
    for keyword in call.keywords:
        if keyword.arg == "message":
            yield from (
                node.value
                for node in ast.walk(keyword.value)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def _sentences(cls: ast.ClassDef) -> Iterator[str]:
    """Yield the class attribute `message`: the sentence of a refusal."""
    for statement in cls.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        value = statement.value
        named = any(isinstance(target, ast.Name) and target.id == "message" for target in targets)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _of_template(text: str, place: str) -> Iterator[Message]:
    unindented = INDENT.sub("", templatize(text, origin=place))
    code = io.BytesIO(unindented.encode())
    for _line, function, found, _comments in extract_python(
        code, TEMPLATE_KEYWORDS, [], {"encoding": "utf-8"}
    ):
        texts = _texts(found)
        if not texts or not texts[0]:
            continue
        if function == "ngettext":
            yield Message(text=texts[0], plural=texts[1])
        elif function == "pgettext":
            yield Message(text=texts[1], context=texts[0])
        else:
            yield Message(text=texts[0])


def _texts(found: object) -> list[str]:
    """Return the texts of a call: the extractor gives one as itself and several as a sequence, with gaps."""
    if isinstance(found, str):
        return [found]
    return [part for part in found if isinstance(part, str)] if isinstance(found, Iterable) else []


def open_catalogue(area: Area) -> polib.POFile:
    """Return the area's catalogue, a fresh one where there is none."""
    if area.catalogue.is_file():
        return polib.pofile(str(area.catalogue), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "zhengshu",
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def _entries(catalogue: polib.POFile) -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}


def memory() -> dict[tuple[str, str], str]:
    """Return what is already translated anywhere in the house."""
    return {
        key: entry.msgstr
        for area in areas()
        for key, entry in _entries(open_catalogue(area)).items()
        if entry.msgstr and "fuzzy" not in entry.flags
    }


def update(area: Area) -> int:
    """Add the ids that the catalogue lacks; return how many."""
    remembered = memory()
    catalogue = open_catalogue(area)
    known = _entries(catalogue)
    messages = messages_of(area)
    added = 0
    for message, places in sorted(messages.items(), key=lambda pair: (min(pair[1]), pair[0].key)):
        entry = known.get(message.key)
        if entry is None:
            entry = polib.POEntry(
                msgid=message.text, msgctxt=message.context or None, msgstr=remembered.get(message.key, "")
            )
            catalogue.append(entry)
            known[message.key] = entry
            added += 1
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: entry.msgstr}
            entry.msgstr = ""
        entry.occurrences = [(place, "") for place in sorted(places)]
    if messages or catalogue:
        _save(area, catalogue)
    return added


def prune(area: Area) -> tuple[str, ...]:
    """Drop the ids that the sources no longer hold; return them."""
    catalogue = open_catalogue(area)
    used = {message.key for message in messages_of(area)}
    dropped = [
        entry
        for entry in catalogue
        if entry.obsolete
        or (
            (entry.msgctxt or "", entry.msgid) not in used and "dynamic" not in entry.comment + entry.tcomment
        )
    ]
    for entry in dropped:
        catalogue.remove(entry)
    if dropped:
        _save(area, catalogue)
    return tuple(entry.msgid for entry in dropped)


def _save(area: Area, catalogue: polib.POFile) -> None:
    area.catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(area.catalogue))


def compile_catalogue(area: Area) -> None:
    """Write the binary catalogue, unless it is as new as the text."""
    source = area.catalogue
    target = source.with_suffix(".mo")
    if source.is_file() and not (target.is_file() and target.stat().st_mtime >= source.stat().st_mtime):
        part = target.with_suffix(".part")
        polib.pofile(str(source)).save_as_mofile(str(part))
        part.replace(target)


def compile_all() -> None:
    """Write every binary catalogue that is older than its text."""
    for area in areas():
        compile_catalogue(area)


def faults_of(area: Area) -> Iterator[str]:
    """Yield a line for each id that a Chinese reader would meet in English, or with a place that is wrong."""
    known = _entries(open_catalogue(area))
    for message, places in sorted(messages_of(area).items(), key=lambda pair: pair[0].key):
        where = f"{min(places)}: {message.text!r}"
        entry = known.get(message.key)
        if entry is None:
            yield f"{where} is missing from the catalogue of {area.name}"
        elif "fuzzy" in entry.flags:
            yield f"{where} is fuzzy"
        elif not (entry.msgstr_plural.get(0) if message.plural else entry.msgstr):
            yield f"{where} is not translated"
        elif not _places(entry) <= set(PLACE.findall(message.text + message.plural)):
            yield f"{where} has a place in its translation that the message lacks"


def clashes() -> Iterator[str]:
    """Yield a line for each message that two areas translate differently: its readers would all get the first."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for area in areas():
        for key, entry in _entries(open_catalogue(area)).items():
            said.setdefault(key, {})[area.name] = entry.msgstr or entry.msgstr_plural.get(0, "")
    for (_context, text), by_area in sorted(said.items()):
        if len(set(by_area.values())) > 1:
            words = ", ".join(f"{name} {word!r}" for name, word in by_area.items())
            yield f"{text!r} is translated differently ({words}); say it alike, or give one a context"


def _places(entry: polib.POEntry) -> set[str]:
    return set(PLACE.findall(entry.msgstr + "".join(entry.msgstr_plural.values())))


def main(arguments: list[str]) -> int:
    """Run one command over the named areas, or all."""
    command, names = (arguments or ["check"])[0], arguments[1:]
    chosen = [area for area in areas() if not names or area.name in names]
    if command == "check":
        faults = [*(fault for area in chosen for fault in faults_of(area)), *clashes()]
        print(*faults, sep="\n")
        print(f"{len(faults)} messages are not ready" if faults else "all messages are translated")
        return 1 if faults else 0
    if command not in {"update", "compile", "prune"}:
        print(__doc__)
        return 2
    for area in chosen:
        if command == "update":
            print(f"{area.name}: {update(area)} added")
        elif command == "prune":
            print(f"{area.name}: dropped", *prune(area), sep="\n  ")
        compile_catalogue(area)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
