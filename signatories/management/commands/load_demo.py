"""The demo data."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from signatories.services.demo import load_demo

ROLES = ("editor", "reviewer", "administrator")


class Command(BaseCommand):
    help = (
        "Loads invented letters in every stage, invented organisations and one person for each role of the desk, whose "
        "passwords are made now and written to demo-login.txt in VAR_DIR. Run twice, it changes nothing. Needs DEBUG=1, or --yes."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--yes", action="store_true", help="also with DEBUG off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["yes"]:
            raise CommandError("The demo is made up. On a site with DEBUG off add --yes if you mean it.")
        people = {role: self.person(role, settings.VAR_DIR / "demo-login.txt") for role in ROLES}
        made = load_demo(actor=people["editor"], at=timezone.now())
        self.stdout.write(f"{made} letters made" if made else "the demo is here already")

    def person(self, role: str, logins: Path) -> User:
        """The demo's person of a role, made once; the password is written to ``logins``, readable by its owner."""
        user = User.objects.filter(username=role).first()
        if user is not None:
            return user
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(role, f"{role}@desk.example", password, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        logins.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(logins, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as file:
            file.write(f"{role}: user {role}, password {password}\n")
        return user
