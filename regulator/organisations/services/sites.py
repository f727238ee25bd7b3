"""The employer's sites: added, changed, closed, reopened. Never deleted: cases stand on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.organisations.chronicle import Append, recording
from regulator.organisations.models import Employer, Site
from regulator.organisations.policies import permit_now
from regulator.organisations.refusals import StaleVersion

_KEEP: Final = "organisations.keep_sites"
_KEY_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class SiteDetails:
    """What a lead says of a site. ``modalities`` are those carried out there."""

    name: str
    postcode: str
    cqc_location_id: str
    modalities: Sequence[str]


def add_site(*, employer: Employer, details: SiteDetails, by: Actor) -> Site:
    """A new open site with a key of its own, made from its name. Recorded.

    Raises ``NotPermitted``, and ``ValidationError`` where a detail is wrong or an open site has the name.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=employer.pk)
        site = Site(employer=employer, key=_free_key(employer, details.name))
        _write(site, details, by)
        _record(append, "organisations.site_added", site, by)
    return site


def change_site(*, site: Site, details: SiteDetails, by: Actor, version: int) -> Site:
    """Write what a site is called and does; its key stays. Recorded, the old values kept in its history.

    Nothing new changes nothing. Raises ``NotPermitted``, ``StaleVersion`` where somebody else changed it
    after ``version`` was read, and ``ValidationError`` where a detail is wrong or another open site has the
    name.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=site.employer_id)
        current = Site.objects.select_for_update().get(pk=site.pk)
        if current.version != version:
            raise StaleVersion(read=version, current=current.version, what="site")
        if _details_of(current) == SiteDetails(
            details.name, details.postcode, details.cqc_location_id, sorted(details.modalities)
        ):
            return current
        current.version += 1
        _write(current, details, by)
        _record(append, "organisations.site_changed", current, by)
    return current


def set_open(*, site: Site, is_open: bool, by: Actor) -> Site:
    """Close a site, so that no new notification offers it, or open it again. Recorded; twice changes nothing.

    Raises ``NotPermitted``, and ``ValidationError`` where another site took the name while it was closed.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=site.employer_id)
        current = Site.objects.select_for_update().get(pk=site.pk)
        if current.is_open == is_open:
            return current
        current.is_open = is_open
        current.version += 1
        _write(current, _details_of(current), by)
        _record(append, f"organisations.site_{'reopened' if is_open else 'closed'}", current, by)
    return current


def _write(site: Site, details: SiteDetails, by: Actor) -> None:
    site.name, site.postcode = details.name, details.postcode
    site.cqc_location_id, site.modalities = details.cqc_location_id, sorted(details.modalities)
    namesakes = Site.objects.filter(employer_id=site.employer_id, name__iexact=site.name, is_open=True)
    if site.is_open and namesakes.exclude(pk=site.pk).exists():
        raise ValidationError({"name": "Another open site of yours has this name."})
    site.full_clean()
    vars(site)["_history_user"] = by if isinstance(by, User) else None
    site.save()


def _details_of(site: Site) -> SiteDetails:
    return SiteDetails(site.name, site.postcode, site.cqc_location_id, sorted(site.modalities))


def _free_key(employer: Employer, name: str) -> str:
    """``name`` as a key, with the first number that makes it one of its own."""
    base = slugify(name)[:_KEY_LENGTH].strip("-") or "site"
    taken = set(Site.objects.filter(employer=employer, key__startswith=base).values_list("key", flat=True))
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key


def _record(append: Append, type: str, site: Site, by: Actor) -> None:
    payload = {"site": site.pk, "employer": site.employer_id, "version": site.version}
    append(type, case=None, by=by, payload=payload)
