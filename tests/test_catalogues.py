"""The catalogues of the interface, and the check that keeps them whole."""

import os
import re
from gettext import GNUTranslations

import messages
import pytest

IMPORT = "from django.utils.translation import gettext_lazy as _"
LETTER = ("", "Letter", "")
NAMED = ("", "Signed by %(name)s", "")
COUNTED = ("", "One name", "%(m)s names")
CODE = {key: messages.Found(["x.html"]) for key in (COUNTED, LETTER, NAMED)}


@pytest.fixture
def french(tmp_path):
    """A whole French catalogue of three messages; gives its file."""
    messages.extract("fr", CODE, tmp_path)
    path = messages.po_file("fr", tmp_path)
    text = path.read_text()
    for words, translated in (("Letter", "Lettre"), ("Signed by %(name)s", "Signée par %(name)s")):
        text = text.replace(f'msgid "{words}"\nmsgstr ""', f'msgid "{words}"\nmsgstr "{translated}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(m)s nom"').replace(
        'msgstr[1] ""', 'msgstr[1] "%(m)s noms"'
    )
    path.write_text(text)
    return path


def found(path, code=CODE):
    return messages.faults("fr", code, path.parents[3])


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_whole_catalogue_has_no_fault(french):
    assert found(french) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Lettre"', '""', "fr: missing: “Letter”"),
        ('msgstr[1] "%(m)s noms"', 'msgstr[1] ""', "fr: missing: “One name”"),
        ('msgid "Letter"', '#, fuzzy\nmsgid "Letter"', "fr: fuzzy: “Letter”"),
        ("par %(name)s", "par quelqu’un", "fr: lost placeholder %(name)s: “Signed by %(name)s”"),
        ("par %(name)s", "par %(nom)s", "fr: unknown placeholder %(nom)s: “Signed by %(name)s”"),
        # In French the first form is for nought too, so it needs the number.
        ('msgstr[0] "%(m)s nom"', 'msgstr[0] "Un nom"', "fr: lost placeholder %(m)s: “One name”"),
        ('"Lettre"', '"<b>Lettre</b>"', "fr: other HTML tags: “Letter”"),
        ('"Lettre"', '"Lettre\\n"', "fr: a line break at one end is lost or new: “Letter”"),
        ("nplurals=2", "nplurals=3", "fr: the head of the catalogue is not ours"),
        ('msgid "Letter"', 'msgid "Brief"', "fr: not in the catalogue: “Letter”"),
        ('msgid "Letter"', 'msgid "Brief"', "fr: no longer in the code: “Brief”"),
    ],
)
def test_each_fault_is_named(french, old, new, said):
    change(french, old, new)
    assert any(line.startswith(said) for line in found(french)), found(french)


def test_a_wrong_number_of_forms_is_named(french):
    change(french, 'msgstr[1] "%(m)s noms"\n', 'msgstr[1] "%(m)s noms"\nmsgstr[2] "%(m)s noms"\n')
    assert found(french)[0].startswith("fr: cannot be read: msg has more translations than num_plurals")


def test_an_obsolete_message_is_named(french):
    french.write_text(french.read_text() + '\n#~ msgid "Gone"\n#~ msgstr "Parti"\n')
    assert found(french) == ["fr: obsolete, not removed: “Gone”"]


def test_extracting_keeps_what_is_translated_and_changes_nothing_twice(french):
    before = french.read_text()
    messages.extract("fr", CODE, french.parents[3])
    assert french.read_text() == before
    assert "Lettre" in before


def test_the_catalogues_say_what_the_code_says():
    code = messages.said()
    assert [line for language in messages.LANGUAGES for line in messages.faults(language, code)] == []


def test_words_that_are_put_together_are_refused():
    with pytest.raises(messages.Wrong):
        list(messages.in_python(f'{IMPORT}\n_("a" + name)', "x.py"))


def test_a_message_is_found_under_any_name_of_its_function():
    code = f'{IMPORT}, ngettext as many\n# Translators: of boats.\n_("a")\nmany("b", "c", 2)\nother("d")'
    assert list(messages.in_python(code, "x.py")) == [
        (("", "a", ""), "Translators: of boats."),
        (("", "b", "c"), ""),
    ]


# Numbers and the form that Unicode's rules (CLDR) give them.
ARABIC = {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 101: "other", 103: "few", 111: "many"}  # fmt: skip
RUSSIAN = {1: "one", 21: "one", 101: "one", 2: "few", 24: "few", 0: "many", 5: "many", 11: "many", 12: "many", 14: "many", 111: "many"}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "order", "table"),
    [
        ("ar", ["zero", "one", "two", "few", "many", "other"], ARABIC),
        ("ru", ["one", "few", "many"], RUSSIAN),
        ("zh", ["other"], dict.fromkeys((0, 1, 2, 5), "other")),
        ("fr", ["one", "other"], {0: "one", 1: "one", 2: "other"}),
        ("es", ["one", "other"], {0: "other", 1: "one", 2: "other"}),
    ],
)
def test_each_number_takes_its_form(language, order, table):
    with messages.mo_file(language).open("rb") as file:
        plural = GNUTranslations(file).plural  # type: ignore[attr-defined]
    assert {n: order[plural(n)] for n in table} == table


def test_a_compiled_catalogue_is_made_again_only_when_its_source_changed(french):
    root = french.parents[3]
    assert messages.compile_catalogue("fr", root)
    assert not messages.compile_catalogue("fr", root)
    later = french.with_suffix(".mo").stat().st_mtime + 5
    os.utime(french, (later, later))
    assert messages.compile_catalogue("fr", root)


def test_chinese_holds_the_framework_s_words_too():
    with messages.mo_file("zh").open("rb") as file:
        chinese = GNUTranslations(file)
    assert re.search(r"[\u4e00-\u9fff]", chinese.gettext("This field is required."))
    assert re.search(r"[\u4e00-\u9fff]", chinese.gettext("Portugal"))
