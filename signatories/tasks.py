"""What the worker does for signatures. Each function may run twice, or be killed midway, without harm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse

from letters.models import Letter
from letters.services.events import record
from letters.services.life import locked
from signatories import emails
from signatories.models import Organisation, Representative, Signature
from signatories.services import digests, directory, invited, inviting, limits, lists
from signatories.services.by_link import tell_earlier
from signatories.services.review import end, relocked
from signatories.services.signing import confirm_until

State = Signature.State


def remind(*, at: datetime) -> int:
    """Reminds, once, those who have not confirmed while they still can; how many."""
    late = Signature.objects.filter(
        state=State.UNCONFIRMED,
        reminded_at=None,
        signed_at__lte=at - settings.REMIND_AFTER,
        representative__isnull=False,
        representative__stopped_at=None,
    )
    done = 0
    for signature in late.select_related("letter")[:500]:
        with transaction.atomic():
            signature = relocked(signature)
            person = Representative.objects.filter(signature=signature).first()
            until = confirm_until(signature, at=at)
            if signature.state != State.UNCONFIRMED or signature.reminded_at or person is None:
                continue
            if person.stopped_at is not None:
                continue
            signature.reminded_at = at
            signature.save(update_fields=["reminded_at"])
            if until > at and signature.letter.stage != Letter.Stage.WITHDRAWN:
                emails.reminder(signature, person, at=at, until=until)
                record("signature.reminded", at=at, letter=signature.letter, subject=signature.ref)
                done += 1
    return done


def expire(*, at: datetime) -> int:
    """Ends what was never confirmed and no longer can be, and erases its data; how many."""
    # A reminder renews the time to confirm, so the span is counted from the reminder where there was one.
    lapsed = Q(signed_at__lt=at - settings.CONFIRM_WITHIN) & (
        Q(reminded_at=None) | Q(reminded_at__lt=at - settings.CONFIRM_WITHIN)
    ) | Q(letter__closes_at__lt=at - settings.CONFIRM_GRACE)
    done = 0
    for signature in Signature.objects.filter(lapsed, state=State.UNCONFIRMED).select_related("letter")[:500]:
        with transaction.atomic():
            signature = relocked(signature)
            if signature.state == State.UNCONFIRMED:
                end(signature, State.EXPIRED, actor=None, at=at)
                done += 1
    return done


def tell_earlier_representatives(*, at: datetime) -> int:
    """Looks once at each new attempt, and tells those who confirmed an earlier one for the same organisation; how many had
    an earlier one beside them."""
    new = Signature.objects.active().filter(kind=Signature.Kind.ORGANISATION, first_told_at=None)
    looked_at = list(new.order_by("pk").values_list("pk", flat=True)[:500])
    earlier = Signature.objects.active().filter(
        letter=OuterRef("letter"), organisation=OuterRef("organisation"), pk__lt=OuterRef("pk")
    )
    later = list(
        Signature.objects.filter(Exists(earlier), pk__in=looked_at).select_related("letter").order_by("pk")
    )
    for attempt in later:
        tell_earlier(attempt, at=at)
    alone = set(looked_at) - {attempt.pk for attempt in later}
    Signature.objects.filter(pk__in=alone).update(first_told_at=at)
    return len(later)


def follow_invitations(*, at: datetime) -> int:
    """Notes who signed another way, drops what need not be sent any more, and reminds on the days that were set; how many
    reminders were queued."""
    inviting.signed_otherwise(at=at)
    inviting.drop_late_mail(at=at)
    invited.stop_for_complaints(at=at)
    return inviting.remind_by_plan(per_minute=settings.INVITATIONS_PER_MINUTE, at=at)


def give_addresses(*, at: datetime) -> int:
    """Gives organisations that became public with their letter's release an address made from their name; how many."""
    hidden = Organisation.objects.public(at).filter(slug__startswith=directory.HIDDEN)
    rows = list(hidden[:500])
    for organisation in rows:
        with transaction.atomic():
            organisation.slug = directory.new_slug(organisation.name, organisation)
            organisation.save(update_fields=["slug"])
    return len(rows)


def send_digests(*, at: datetime) -> int:
    """One message to each editor of a letter on which signatures newly wait, at most one in ``DIGEST_EVERY``; how many
    letters. Signatures that wait since before the last digest alone are no news."""
    waiting = Q(signatures__state=State.CONFIRMED)
    letters = Letter.objects.annotate(
        waiting=Count("signatures", filter=waiting), newest=Max("signatures__confirmed_at", filter=waiting)
    ).filter(waiting__gt=0)
    quiet = Q(digest_sent_at=None) | Q(digest_sent_at__lte=at - settings.DIGEST_EVERY)
    done = 0
    for found in letters.filter(quiet):
        if found.digest_sent_at and found.newest and found.newest <= found.digest_sent_at:
            continue
        with transaction.atomic():
            letter = locked(found)
            if letter.digest_sent_at != found.digest_sent_at:
                continue
            url = (
                settings.SITE_URL
                + reverse("admin:signatories_signature_changelist")
                + f"?letter__id__exact={letter.pk}"
            )
            for setting in digests.wanted(letter.editors.filter(is_active=True).exclude(email="")):
                word = f"digest:{letter.pk}:{setting.user_id}:{at:%Y%m%d%H%M}"
                emails.digest(letter, setting, waiting=found.waiting, url=url, at=at, once=word)
            Letter.objects.filter(pk=letter.pk).update(digest_sent_at=at)
            done += 1
    return done


def forget_unused(*, at: datetime) -> int:
    """Deletes organisations that only ever stood in attempts which came to nothing, and old rate counts; how many
    organisations. An editor's entries, and any with another signature, stay."""
    limits.forget(at=at)
    lost = [State.EXPIRED, State.DISOWNED]
    others = Signature.objects.filter(organisation=OuterRef("pk")).exclude(state__in=lost)
    unused = Organisation.objects.filter(
        ~Exists(others), verified_at=None, note="", signatures__state__in=lost
    )
    rows = list(unused.filter(created_at__lt=at - timedelta(days=1)).distinct()[:500])
    for organisation in rows:
        with transaction.atomic():
            organisation.signatures.filter(state__in=lost).delete()
            organisation.delete()
    return len(rows)


def check_counts(*, at: datetime) -> int:
    """Compares each letter's kept counts with its rows and mends them; how many were wrong (there should be none)."""
    wrong = 0
    for letter in Letter.objects.exclude(stage=Letter.Stage.DRAFT):
        with transaction.atomic():
            letter = locked(letter)
            if lists.recount(letter, at=at):
                record("letter.recounted", at=at, letter=letter)
                wrong += 1
    return wrong
