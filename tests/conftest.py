"""What all tests share: a letter in every stage, people with roles, and the browser's flags."""

import os
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as made_up

from letters import enclosing, kept, public
from letters.models import Switch
from letters.pagecache import shelf
from signatories.views.tickets import forms, sheets
from tests import factories, smtp

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import messages

messages.compile_all()  # before anything is put into words

# What is right does not become wrong on a busy machine: an example may take its time.
made_up.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
made_up.load_profile("suite")

# One test may drive a browser (which runs an event loop) and read the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


postbox = smtp.postbox


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*QUIET, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SIGN_MIN_SECONDS = 0
    shelf.clear()
    forms.clear()
    sheets.clear()
    public._letters.clear()
    kept.shelf.clear()
    enclosing.papers.clear()
    yield
    smtp.end_workers()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def draft(db, now):
    return factories.letter(at=now)


@pytest.fixture
def letter(db, now):
    """A public letter, open for signing for a week."""
    return factories.released(at=now, closes_at=now + timedelta(days=7))


@pytest.fixture
def circulating(db, now):
    return factories.circulating(at=now, closes_at=now + timedelta(days=7))


ROLES = import_module("signatories.migrations.0002_roles").ROLES


def restore_what_migrations_made() -> None:
    """Roles and switches, which a test that empties the tables took away from those after it."""
    for name in Switch.Name.values:
        Switch.objects.get_or_create(name=name)
    for role, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        for label, codenames in wanted.items():
            group.permissions.add(
                *Permission.objects.filter(content_type__app_label=label, codename__in=codenames)
            )


@pytest.fixture
def transactional_db(transactional_db):
    if not Group.objects.exists():
        restore_what_migrations_made()


def person(name: str, role: str) -> User:
    user = User.objects.create_user(name, f"{name}@desk.example", "a long password 1", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def editor(db):
    return person("edda", "editor")


@pytest.fixture
def reviewer(db):
    return person("rolf", "reviewer")


@pytest.fixture
def administrator(db):
    return person("ada", "administrator")
