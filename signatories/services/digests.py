"""Whether an editor gets the digest of what waits for review."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from letters import keys
from letters.services.errors import Refused
from letters.services.events import record
from signatories.emails import DIGEST_STOP
from signatories.models import DigestSetting


def wanted(editors: Iterable[User]) -> list[DigestSetting]:
    """The settings of those of the editors who get digests; one is made for an editor who has none yet."""
    return [setting for editor in editors if (setting := _of(editor)).stopped_at is None]


def _of(editor: User) -> DigestSetting:
    nonce = keys.new_nonce()
    digest = keys.digest(keys.derive(DIGEST_STOP, nonce))
    setting, _made = DigestSetting.objects.select_related("user").get_or_create(
        user=editor, defaults={"nonce": nonce, "digest": digest}
    )
    return setting


def find_by_key(key: str) -> DigestSetting | None:
    """Whose digests the key stops; None for a wrong key."""
    return DigestSetting.objects.select_related("user").filter(digest=keys.digest(key)).first()


def is_stopped(editor: User) -> bool:
    """Whether the editor stopped them."""
    return DigestSetting.objects.filter(user=editor.pk, stopped_at__isnull=False).exists()


@transaction.atomic
def stop(setting: DigestSetting, *, at: datetime) -> None:
    """The editor gets no digests any more. Asked again it changes nothing."""
    if DigestSetting.objects.filter(pk=setting.pk, stopped_at=None).update(stopped_at=at):
        _note("person.digests_stopped", setting.user, at=at)


@transaction.atomic
def resume(editor: User, *, at: datetime) -> None:
    """The editor gets them again. Raises ``Refused`` where they were not stopped."""
    if not DigestSetting.objects.filter(user=editor.pk, stopped_at__isnull=False).update(stopped_at=None):
        raise Refused("You get digests already.")
    _note("person.digests_asked", editor, at=at)


def _note(kind: str, editor: User, *, at: datetime) -> None:
    record(kind, at=at, subject=f"user:{editor.pk}", actor=editor)
