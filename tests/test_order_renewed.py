"""The migration that puts names in order anew."""

from importlib import import_module

import pytest
from django.apps import apps

from signatories import matching
from signatories.models import Organisation, Signature
from tests import factories

pytestmark = pytest.mark.django_db


def test_old_keys_are_made_anew_and_empty_names_are_left(letter, monkeypatch):
    migration = import_module("signatories.migrations.0007_order_without_articles")
    monkeypatch.setattr(migration, "AT_ONCE", 2)
    for name in ("المركز", "Los Vecinos", "Quay"):
        factories.accepted(letter, name)
    Signature.objects.update(sort_key="old")
    Organisation.objects.update(sort_key="old")
    migration.renew(apps, None)
    for rows in (Signature.objects, Organisation.objects):
        assert {row.name: row.sort_key for row in rows.all()} == {
            name: matching.sort_key(name) for name in ("المركز", "Los Vecinos", "Quay")
        }
