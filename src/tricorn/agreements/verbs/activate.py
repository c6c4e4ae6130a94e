"""Putting a signed agreement text into force from its date on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from tricorn.agreements.bridge import content_of, midnight
from tricorn.agreements.models import (
    AgreedStep,
    Agreement,
    Assent,
    Clause,
    Entitlement,
    Signature,
    Version,
)
from tricorn.agreements.seals import covered_seals, signature_seal, step_seal
from tricorn.agreements.verbs.names import EVERYONE, Found, look_up
from tricorn.engine import agreement as text
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadAgreement, StandingRefused
from tricorn.engine.money import amount_bound
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Membership, Organisation, Person, Place
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.models import Authority, Fact
from tricorn.standing.verbs import note


@dataclass(frozen=True)
class Activated:
    """What came of it: the version, and whether it was already there word for word."""

    version: Version
    is_new: bool


def activate(
    content: text.Agreement, *, by: Actor, at: datetime, assents: Sequence[Assent] = ()
) -> Activated:
    """Put a signed agreement text into force from its date on.

    The version number is counted here. The same text twice is once. Signed, entitled and funded
    facts are written down in the same transaction. `assents` are the signatures that were given
    here, in the order of the text; without them the text alone says who signed.
    Errors  BadAgreement naming every service, party, person or place that is not known here.
    """
    if not content.signed:
        raise BadAgreement(
            f"{content.ref} is not signed. Add [[signed]] with by, capacity and on, "
            "or have it signed first."
        )
    found = look_up(content)
    clients = _client_signers(found, assents, at)
    if not clients:
        raise BadAgreement(
            f"{content.ref} is signed by {found.provider} alone. "
            f"Somebody of {found.client} has to sign it too."
        )
    with transaction.atomic():
        alike = Agreement.objects.filter(ref__iexact=content.ref).exclude(ref=content.ref)
        if other := alike.first():
            raise BadAgreement(f"{content.ref} reads like {other}, another agreement. Rename it.")
        agreement, _ = Agreement.objects.get_or_create(
            ref=content.ref,
            defaults={"client": found.client, "provider": found.provider},
        )
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if (agreement.client, agreement.provider) != (found.client, found.provider):
            raise BadAgreement(
                f"{content.ref} is an agreement of {agreement.client} with {agreement.provider}. "
                "Other parties need a ref of their own."
            )
        if same := agreement.versions.filter(hash=content.hash).first():
            return Activated(same, is_new=False)
        check_follows(agreement, content)
        signers = (
            [each.authority for each in assents]
            if assents
            else _authorities(content, found, clients, at)
        )
        version = _store(agreement, content, found, at, assents, signers)
        _write_facts(version, content, found, clients, at)
        more: dict[str, Any] = {"moves": True} if content.running == "move" else {}
        if content.escalation:
            more["steps"] = [step_seal(each) for each in version.steps.all()]
        write(
            agreement,
            "agreement.activated",
            by=by,
            at=at,
            version=version.pk,
            number=version.number,
            hash=version.hash,
            parties=[agreement.client_id, agreement.provider_id],
            services=sorted(service.pk for service in version.services.all()),
            signers=[person.pk for _, person in found.signers],
            covers=covered_seals([version.pk])[version.pk],
            seals=[signature_seal(each) for each in version.signatures.order_by("id")],
            **more,
        )
    return Activated(version, is_new=True)


def _client_signers(
    found: Found, assents: Sequence[Assent], at: datetime
) -> list[tuple[text.Signed, Person]]:
    """Those who signed for the client: as they were asked to, else who does not work for the other."""
    if assents:
        sides = zip(found.signers, assents, strict=True)
        return [signer for signer, assent in sides if assent.side == "client"]
    providers = set(
        Membership.objects.at(at)
        .filter(organisation__path__startswith=found.provider.path)
        .values_list("person", flat=True)
    )
    return [(signed, person) for signed, person in found.signers if person.pk not in providers]


def check_follows(agreement: Agreement, content: text.Agreement) -> None:
    """See that a text begins after the newest version of its agreement.

    Errors  BadAgreement: of two versions in force on one day nobody could say which holds; and
            when a price comes in another currency than before.
    """
    newest = agreement.versions.order_by("-number").first()
    if newest is None:
        return
    begins = newest.from_at.astimezone(ZoneInfo(newest.zone)).date()
    if content.from_on <= begins:
        after = begins + timedelta(days=1)
        raise BadAgreement(
            f"{agreement} has version {newest.number} from {day_in_words(begins)} on already. Two versions "
            f"cannot be in force on one day: let this one begin on {day_in_words(after)} or later."
        )
    _same_currency(newest, content)


def _same_currency(newest: Version, content: text.Agreement) -> None:
    was = {price.currency for price in content_of(newest).prices}
    wanted = {price.currency for price in content.prices} - was
    if was and wanted:
        raise BadAgreement(
            f"{newest} has prices in {', '.join(sorted(was))}, this text in "
            f"{', '.join(sorted(wanted))}. Keep the currency, or agree under a ref of its own."
        )


def _authorities(
    content: text.Agreement,
    found: Found,
    clients: Sequence[tuple[text.Signed, Person]],
    at: datetime,
) -> list[Authority | None]:
    """Return by which authority each signature of a text was given, judged on its day.

    What was signed before the client granted anybody the authority is judged by what holds now; a
    client that never granted any is taken by its word.
    Errors  BadAgreement saying whose signature is needed.
    """
    services = tuple(found.services[name] for name in content.services)
    on_client_side = {person.pk for _, person in clients}
    granted = Authority.objects.filter(may="sign", organisation__in=found.client.above)
    first = granted.filter(since__lte=at).order_by("since").values_list("since", flat=True).first()
    bound = amount_bound(content)
    currency = content.prices[0].currency if bound is not None else ""
    given: list[Authority | None] = []
    for signed, person in found.signers:
        is_client = person.pk in on_client_side
        party = found.client if is_client else found.provider
        asked = Asked(party, "sign", services, bound, currency)
        end_of_day = midnight(signed.on + timedelta(days=1), ZoneInfo(content.zone))
        moment = min(at, end_of_day - timedelta(seconds=1))
        if first is not None and first > moment:
            moment = at
        try:
            given.append(approvals.require(person, asked, at=moment).authority)
        except StandingRefused as refusal:
            if is_client and first is not None:
                raise BadAgreement(f"{content.ref}: {refusal}") from refusal
            given.append(None)
    return given


def _store(
    agreement: Agreement,
    content: text.Agreement,
    found: Found,
    at: datetime,
    assents: Sequence[Assent],
    authorities: Sequence[Authority | None],
) -> Version:
    zone = ZoneInfo(content.zone)
    newest = agreement.versions.order_by("-number").first()
    version = Version.objects.create(
        agreement=agreement,
        number=(newest.number if newest else 0) + 1,
        title=content.title,
        text=content.canonical(),
        hash=content.hash,
        zone=content.zone,
        from_at=midnight(content.from_on, zone),
        to_at=midnight(content.to_on + timedelta(days=1), zone) if content.to_on else None,
        activated_at=at,
    )
    version.services.set([found.services[name] for name in content.services])
    Clause.objects.bulk_create(
        Clause(
            version=version,
            name=clause.id,
            kinds=list(clause.kinds),
            priorities=list(clause.priorities),
            start=clause.start,
            stop=clause.stop,
            hours=clause.hours,
            spec=content.hours[clause.hours].to_data(),
            within=str(clause.target),
            share=clause.share,
            per=clause.per,
            stopped_by=sorted(clause.stopped_by),
        )
        for clause in content.clauses
    )
    AgreedStep.objects.bulk_create(
        AgreedStep(
            version=version,
            number=number,
            name=step.id,
            services=sorted({found.services[name].pk for name in step.services}),
            when=step.when,
            amount=step.amount,
            whom=step.whom,
            person=found.told.get(step.person),
            tells_client=step.tells_client,
        )
        for number, step in enumerate(content.escalation, 1)
    )
    for each, row in found.entitled:
        entitlement = Entitlement.objects.create(
            version=version,
            scope=each.scope,
            person=row if isinstance(row, Person) else None,
            organisation=row if isinstance(row, Organisation) else None,
            place=row if isinstance(row, Place) else None,
            includes_below=each.below and each.scope == "organisation",
            funder=found.funders.get(each.funder, found.client),
        )
        entitlement.services.set(
            found.services[name] for name in (each.services or content.services)
        )
    Signature.objects.bulk_create(
        Signature(
            version=version,
            person=person,
            acting_for=assent.acting_for if assent else None,
            authority=authority,
            method=assent.method if assent else each.method,
            capacity=each.capacity,
            on=each.on,
            recorded_at=assent.at if assent else at,
        )
        for (each, person), assent, authority in zip_longest(found.signers, assents, authorities)
    )
    return version


def _write_facts(
    version: Version,
    content: text.Agreement,
    found: Found,
    clients: Sequence[tuple[text.Signed, Person]],
    at: datetime,
) -> None:
    """Signed and entitled as facts, from the version's first day to its last.

    What an older version of this agreement made true ends where this one begins.
    """
    older = [each.pk for each in version.agreement.versions.exclude(pk=version.pk)]
    Fact.objects.filter(evidence="version", evidence_id__in=older).filter(
        Q(until__isnull=True) | Q(until__gt=version.from_at), since__lt=version.from_at
    ).update(until=version.from_at)
    Fact.objects.filter(
        evidence="version", evidence_id__in=older, since__gte=version.from_at
    ).delete()
    for signed, person in clients:
        for name in content.services:
            note(
                person,
                "signed",
                at=at,
                service=found.services[name],
                evidence="version",
                evidence_id=version.pk,
                words=f"{content.ref}, signed {day_in_words(signed.on)}",
                since=version.from_at,
                until=version.to_at,
            )
    # A fact is about somebody; that everyone is covered is found in the version itself.
    named = version.entitlements.exclude(scope=EVERYONE)
    for entitlement in named.prefetch_related("services"):
        is_funded = entitlement.funder_id != found.provider.pk
        for service in entitlement.services.all():
            Fact.objects.create(
                kind="entitled",
                person=entitlement.person,
                organisation=entitlement.organisation,
                place=entitlement.place,
                includes_below=entitlement.includes_below,
                service=service,
                funder=entitlement.funder if is_funded else None,
                evidence="version",
                evidence_id=version.pk,
                words=f"{entitlement.funder} pays ({content.ref})",
                since=version.from_at,
                until=version.to_at,
                noted_at=at,
            )
