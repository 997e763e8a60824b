"""The layering of the house, held by tests."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from config.mail import email_settings

ROOT = Path(settings.BASE_DIR)
LETTERS = sorted(path for path in (ROOT / "letters").rglob("*.py"))
OURS = sorted(
    path
    for app in ("config", "letters", "signatories")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_letters_never_imports_signatories(path):
    assert not [name for name in imports(path) if name.split(".")[0] == "signatories"]


@pytest.mark.parametrize(
    "name", ["letters/texts.py", "letters/markup.py", "letters/theme.py", "signatories/export.py"]
)
def test_pure_files_do_not_touch_the_database(name):
    text = (ROOT / name).read_text()
    assert ".objects" not in text
    assert "django.db" not in text


def test_reading_does_not_touch_the_database():
    for path in (ROOT / "signatories" / "reading").glob("*.py"):
        assert not [
            name for name in imports(path) if name.startswith(("django.db", "signatories.models", "letters"))
        ], path


def test_no_project_import_stands_inside_a_function():
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.ImportFrom)]
                assert not [
                    n for n in inner if (n.module or "").split(".")[0] in ("config", "letters", "signatories")
                ], path


def test_no_template_holds_inline_style_or_script():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if path.parent.name == "emails":  # mail has no style sheet to ask for
            text = text.replace("<style>", "")
        assert not re.search(r"<style|\sstyle=|\son(click|load|submit|change)=", text), path
        assert not re.search(r"<script(?![^>]*(\ssrc=|application/ld\+json|nonce))", text), path


def test_state_changes_only_in_services():
    """Nothing outside the services assigns a stage, a state or a version."""
    for path in OURS:
        if (
            "services" in path.parts
            or path.name in ("outbox.py", "tasks.py", "views.py")
            or "views" in path.parts
        ):
            continue
        text = path.read_text()
        assert not re.search(r"\.(stage|state|current_version|signature_count) = ", text), path


def environment(**variables):
    return Environment(ROOT, variables)


@pytest.mark.parametrize(
    ("ask", "variables", "words"),
    [
        (lambda e: e.flag("DEBUG", False), {"DEBUG": "maybe"}, "DEBUG is “maybe”"),
        (lambda e: e.number("SIGN_MIN_SECONDS", 2), {"SIGN_MIN_SECONDS": "-1"}, "whole number"),
        (lambda e: e.number("DATABASE_POOL_SIZE", 2, least=1), {"DATABASE_POOL_SIZE": "0"}, "1 or more"),
        (lambda e: e.colour("SITE_ACCENT", "#000000"), {"SITE_ACCENT": "blue"}, "colour such as"),
        (lambda e: e.secret_key(False, ROOT), {}, "SECRET_KEY is missing or weak"),
        (lambda e: e.secret_key(False, ROOT), {"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        (lambda e: e.database(ROOT), {"DATABASE_URL": "mysql://x/y"}, "sqlite: or postgres:"),
    ],
)
def test_an_odd_setting_stops_the_start(ask, variables, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        ask(environment(**variables))


def test_sqlite_is_set_up_properly():
    options = environment().database(ROOT)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in options["init_command"]


def test_mail_goes_to_files_unless_said_otherwise():
    assert email_settings("", ROOT)["EMAIL_BACKEND"] == "letters.mailfiles.EmailBackend"
    assert email_settings("smtp://mail.example.org:25", ROOT)["EMAIL_HOST"] == "mail.example.org"
