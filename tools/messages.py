"""The words of the interface in its languages: ``tools/messages.py extract | check | compile`` (the .venv's Python).

``extract`` brings ``locale/<language>/LC_MESSAGES/django.po`` up to what the code says; ``check`` says what is missing,
doubtful, out of date or broken in them, a line each; ``compile`` makes the ``django.mo`` files that Django reads, where they
are older than their sources. Messages are read from the syntax tree of the code, so that no gettext tools are needed.
"""

import ast
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from gettext import c2py  # type: ignore[attr-defined]
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "es", "ar", "ru", "zh")
# How many forms a numbered message has, and which one a number takes (Unicode CLDR; in Arabic: zero, one, two, few, many,
# other; in Russian: one, few, many).
PLURALS = {
    "fr": (2, "(n > 1)"),
    "es": (2, "(n != 1)"),
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"),
    "ru": (
        3,
        "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
    ),
    "zh": (1, "0"),
}
# Django and django-countries know these languages by another name: their words go into our catalogue.
BORROWED = {"zh": "zh_Hans"}
# What only the desk shows stays in English, as the desk does.
LEFT_OUT = (
    "*/admin/*",
    "*/management/*",
    "*/migrations/*",
    "config/desk.py",
    "letters/pictures.py",
    "letters/services/*",
    "letters/wording.py",
    "signatories/documents/*",
    "signatories/import_tasks.py",
    "signatories/reading/*",
    "signatories/services/*",
)
KEPT = tuple(f"signatories/services/{name}.py" for name in ("amending", "by_link", "signing"))
# Of a model's words the public pages show only those of these choices; the others are labels of the desk.
SHOWN_CHOICES = {"Group.Kind", "Organisation.Sort"}

# (context, singular, plural); the last is empty where a message has no number.
Key = tuple[str, str, str]
NUMBERED = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
PLAIN = {"gettext", "gettext_lazy", "gettext_noop"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"(n?p?gettext|_)\(\s*({LITERAL})(?:\s*,\s*({LITERAL}))?(?:\s*,\s*({LITERAL}))?")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")


class Wrong(Exception):
    """A sentence for whoever runs this."""


@dataclass
class Found:
    """Where the code says something, and what its translators should know."""

    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


# --- What the code says


def sources() -> Iterator[Path]:
    """The files whose words a visitor or a reader of mail can see."""
    for folder, patterns in (("config", ["*.py"]), ("letters", ["*.py"]), ("signatories", ["*.py"])):
        for pattern in patterns:
            yield from _wanted((ROOT / folder).rglob(pattern))
    for pattern in ("*.html", "*.txt"):
        yield from _wanted((ROOT / "templates").rglob(pattern))


def _wanted(paths: Iterator[Path]) -> Iterator[Path]:
    for path in sorted(paths):
        name = path.relative_to(ROOT).as_posix()
        if name in KEPT or not any(fnmatch(name, pattern) for pattern in LEFT_OUT):
            yield path


def said() -> dict[Key, Found]:
    """Everything that the code says, in the order of the words."""
    found: dict[Key, Found] = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        parts = in_python(text, name) if path.suffix == ".py" else in_template(text, name)
        for key, note in parts:
            entry = found.setdefault(key, Found())
            if name not in entry.places:
                entry.places.append(name)
            if note and note not in entry.notes:
                entry.notes.append(note)
    return _joined(found)


def _joined(found: dict[Key, Found]) -> dict[Key, Found]:
    """Without the plain messages that a numbered one with the same singular says too, as in every .po file."""
    numbered = {(context, words) for context, words, plural in found if plural}
    return {key: found[key] for key in sorted(found) if key[2] or (key[0], key[1]) not in numbered}


def in_python(text: str, name: str) -> Iterator[tuple[Key, str]]:
    """The messages of Python code, each with the note ``# Translators: …`` above it. Raises ``Wrong`` for one that is
    not written out."""
    lines = text.splitlines()
    models = "/models/" in f"/{name}"
    tree = ast.parse(text)
    imported = _imported(tree)
    for call, classes in _calls(tree, ()):
        function = (
            call.func.attr
            if isinstance(call.func, ast.Attribute)
            else imported.get(getattr(call.func, "id", ""), "")
        )
        if function not in PLAIN | NUMBERED | WITH_CONTEXT:
            continue
        if models and ".".join(classes) not in SHOWN_CHOICES:
            continue
        count = (function in WITH_CONTEXT) + 1 + (function in NUMBERED)
        words = [arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant)]
        if len(words) != count or not all(isinstance(word, str) for word in words):
            raise Wrong(f"{name}:{call.lineno}: the words to be translated must be written out")
        yield _key(function, words), _note(lines, call.lineno)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Django's functions for translating, by the names that a module gives them."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def _calls(node: ast.AST, classes: tuple[str, ...]) -> Iterator[tuple[ast.Call, tuple[str, ...]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, classes
        yield from _calls(child, (*classes, child.name) if isinstance(child, ast.ClassDef) else classes)


def _note(lines: list[str], number: int) -> str:
    """The comment for translators that ends just above a line."""
    note: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#"):
            break
        note.insert(0, line.strip().lstrip("# "))
        if note[0].startswith("Translators:"):
            return " ".join(note)
    return ""


def in_template(text: str, name: str) -> Iterator[tuple[Key, str]]:
    """The messages of a template, read by Django's own way for them."""
    from django.utils.translation.template import templatize

    for match in IN_TEMPLATE.finditer(templatize(text, origin=name)):
        words = [ast.literal_eval(part) for part in match.groups()[1:] if part]
        yield _key(match[1], words), ""


def _key(function: str, words: list[str]) -> Key:
    context = words.pop(0) if function in WITH_CONTEXT or function in ("pgettext", "npgettext") else ""
    return context, words[0], words[1] if function in NUMBERED else ""


# --- Catalogues


def po_file(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """A catalogue; an empty one where there is no file. Raises ``Wrong`` for a file that cannot be read."""
    if not path.exists():
        return new(language)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except Exception as error:
        raise Wrong(f"{language}: cannot be read: {error}") from error


def new(language: str) -> Catalog:
    return Catalog(locale=language, domain="django", fuzzy=False)


def key_of(message: Message) -> Key:
    single = isinstance(message.id, str)
    return message.context or "", message.id if single else message.id[0], "" if single else message.id[1]


def words_of(message: Message) -> list[str]:
    """The translation, form by form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def extract(language: str, code: dict[Key, Found], root: Path = ROOT) -> None:
    """Writes the catalogue anew: what the code says, with the translations that there are. One whose plural alone is new
    keeps its words; what the code no longer says is gone."""
    old = {key_of(message): message for message in read(po_file(language, root), language) if message.id}
    catalog = new(language)
    for key, found in code.items():
        context, words, plural = key
        had = old.get(key)
        string = had.string if had else ("",) * PLURALS[language][0] if plural else ""
        catalog.add(
            (words, plural) if plural else words,
            string,
            locations=[(place, None) for place in found.places],
            auto_comments=found.notes,
            user_comments=had.user_comments if had else [],
            flags=["fuzzy"] if had and had.fuzzy else [],
            context=context or None,
        )
    path = po_file(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = as_text(catalog, language)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def as_text(catalog: Catalog, language: str) -> str:
    """A catalogue as a file that changes only when its words do: no dates, no numbers of lines."""
    out = BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False)
    return header(language) + out.getvalue().decode()


def header(language: str) -> str:
    count, expression = PLURALS[language]
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals={count}; plural={expression};\\n"\n\n'
    )


# --- Checking


def faults(language: str, code: dict[Key, Found], root: Path = ROOT) -> list[str]:
    """What is wrong with a catalogue, a line each."""
    path = po_file(language, root)
    if not path.exists():
        return [f"{language}: there is no catalogue; run tools/messages.py extract"]
    try:
        catalog = read(path, language)
    except Wrong as error:
        return [str(error)]
    out = [f"{language}: obsolete, not removed: {_brief(key_of(old))}" for old in catalog.obsolete.values()]
    if not path.read_text().startswith(header(language)):
        out.append(f"{language}: the head of the catalogue is not ours; run tools/messages.py extract")
    there = {key_of(message): message for message in catalog if message.id}
    out += [f"{language}: not in the catalogue: {_brief(key)}" for key in code if key not in there]
    for key, message in there.items():
        if key not in code:
            out.append(f"{language}: no longer in the code: {_brief(key)}")
        elif why := _fault(key, message, language):
            out.append(f"{language}: {why}: {_brief(key)}")
    return out


def _brief(key: Key) -> str:
    words = " ".join(key[1].split())
    return f"“{words[:90]}…”" if len(words) > 90 else f"“{words}”"


def _fault(key: Key, message: Message, language: str) -> str:
    """What is wrong with one translation; empty when nothing is."""
    forms, count = words_of(message), PLURALS[language][0]
    if message.fuzzy:
        return "fuzzy"
    if len(forms) != (count if key[2] else 1):
        return f"{len(forms)} forms where the language has {count}"
    if not all(form.strip() for form in forms):
        return "missing"
    for n, form in enumerate(forms):
        if why := _broken(key, form, _numbers(language, n) if key[2] else None):
            return why
    return ""


def _broken(key: Key, form: str, numbers: list[int] | None) -> str:
    """Whether a form lost or invented a placeholder, a tag or a break at either end. ``numbers`` are some of those that
    the form is for, None where the message has no number: one for a single number need not show it."""
    original = key[2] or key[1]
    known, given = set(PLACE.findall(key[1] + original)), set(PLACE.findall(form))
    if invented := given - known:
        return f"unknown placeholder {min(invented)}"
    single = numbers is not None and len(numbers) == 1
    if lost := set(PLACE.findall(key[1] if single else original)) - given:
        return f"lost placeholder {min(lost)}"
    if Counter(TAG.findall(form)) != Counter(TAG.findall(original)):
        return "other HTML tags"
    if (form[:1] == "\n", form[-1:] == "\n") != (original[:1] == "\n", original[-1:] == "\n"):
        return "a line break at one end is lost or new"
    return ""


def _numbers(language: str, form: int) -> list[int]:
    """Numbers up to two hundred for which the language takes the form."""
    choose = c2py(PLURALS[language][1])  # type: ignore[attr-defined]
    return [n for n in range(201) if choose(n) == form]


# --- Compiling


def mo_file(language: str, root: Path = ROOT) -> Path:
    return po_file(language, root).with_suffix(".mo")


def borrowed(language: str) -> list[Path]:
    """Compiled catalogues of others whose words go into ours."""
    if language not in BORROWED:
        return []
    import django
    import django_countries

    name = Path(BORROWED[language]) / "LC_MESSAGES" / "django.mo"
    places = (
        Path(django.__file__).parent / "conf" / "locale",
        Path(django_countries.__file__).parent / "locale",
    )
    return [place / name for place in places if (place / name).exists()]


def compile_catalogue(language: str, root: Path = ROOT) -> bool:
    """Makes the compiled catalogue unless it is newer than everything in it; whether it did. A word that is missing or
    fuzzy is left out: Django then shows the English one."""
    po, mo = po_file(language, root), mo_file(language, root)
    made_of = [po, Path(__file__), *borrowed(language)]
    if mo.exists() and mo.stat().st_mtime >= max(path.stat().st_mtime for path in made_of):
        return False
    catalog = read(po, language)
    known = {key_of(message)[:2] for message in catalog if message.id}
    for path in borrowed(language):
        with path.open("rb") as file:
            for message in read_mo(file):
                if message.id and key_of(message)[:2] not in known:
                    context = message.context
                    context = context.decode() if isinstance(context, bytes) else context
                    catalog.add(message.id, message.string, context=context)
    part = mo.with_suffix(f".{os.getpid()}")
    with part.open("wb") as file:
        write_mo(file, catalog)
    part.replace(mo)
    return True


def compile_all(root: Path = ROOT) -> None:
    """Every catalogue, where it is needed."""
    for language in LANGUAGES:
        compile_catalogue(language, root)


# --- The command


def main(arguments: list[str]) -> int:
    try:
        if arguments == ["extract"]:
            code = said()
            for language in LANGUAGES:
                extract(language, code)
            print(f"{len(code)} messages in {len(LANGUAGES)} languages")
            return 0
        if arguments == ["check"]:
            code = said()
            found = [line for language in LANGUAGES for line in faults(language, code)]
            print("\n".join(found[:200]) or f"{len(code)} messages, complete in {len(LANGUAGES)} languages")
            return 1 if found else 0
        if arguments == ["compile"]:
            compile_all()
            return 0
    except Wrong as error:
        sys.exit(str(error))
    sys.exit("Say one of: extract, check, compile")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
