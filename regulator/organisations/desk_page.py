"""The desk's page of one employer: everything that the portal knows of it, in sections that each floor
contributes; and the section of the organisation itself."""

from collections.abc import Sequence
from typing import Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.organisations.activity import Source, YearRow, overview
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Facts,
    Link,
    Table,
    read_sections,
)
from regulator.organisations.models import Employer, Site
from regulator.organisations.policies import has_interest
from regulator.organisations.queries import sites

MOST_SITES: Final = 30
MOST_YEARS: Final = 5


@require_safe
def employer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one employer that its reader may see: 2 queries, and those of the sections."""
    by = signed_in(request)
    employer = get_object_or_404(Employer, pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": str(employer),
        "opts": Employer._meta,
        "employer": employer,
        "sections": read_sections(employer, by),
        "is_interested": has_interest(by, employer),
        "may_declare": "casework.declare_interest" in by.staff_grants,
    }
    return TemplateResponse(request, "admin/organisations/employer/page.html", context)


def who_it_is(employer: Employer, reader: User) -> Sequence[Block]:
    """The employer, its sites and its activity (4 queries)."""
    return (_facts(employer), _sites(employer), _activity(employer))


def contribute() -> None:
    """Register the section. Called once, when the application is ready."""
    section = EmployerSection("Who it is", "organisations.read", 10, who_it_is)
    EMPLOYER_SECTIONS.register("organisations", section)


def _facts(employer: Employer) -> Facts:
    details = Link("Change form, and what was changed", _admin("change", employer.pk))
    return Facts(
        (
            ("Sector", employer.get_type_display()),
            ("Employer key", employer.key),
            ("ODS code", employer.ods_code),
            ("CQC provider id", employer.cqc_provider_id),
            ("Its own rule", "Every notification is signed off" if employer.requires_sign_off else "None"),
            *((("Invented", "Made up for demonstration or for a published year"),) * employer.is_invented),
            ("Details", details),
        )
    )


def _sites(employer: Employer) -> Table:
    held = list(sites(employer)[: MOST_SITES + 1])
    more = len(held) > MOST_SITES
    return Table(
        title="Sites",
        headings=("Site", "Postcode", "Carries out", "Open"),
        rows=tuple(_site(each) for each in held[:MOST_SITES]),
        empty="No site is on record.",
        note=f"The first {MOST_SITES}, open ones before closed ones." if more else "",
        links=(Link("All sites", _admin("change", employer.pk)),) if more else (),
    )


def _site(site: Site) -> tuple[object, ...]:
    done = ", ".join(site.modality_labels) or "Not stated"
    return (site.name, site.postcode, done, "Open" if site.is_open else "Closed")


def _activity(employer: Employer) -> Table:
    seen = overview(employer, clock.today())
    years = sorted({row.year.start for row in seen.rows}, reverse=True)[:MOST_YEARS]
    rows = [row for row in seen.rows if row.year.start in years]
    return Table(
        title="Activity by year",
        headings=("Year", "Modality", "What counts", "Source"),
        rows=tuple(_done(row) for row in rows),
        empty="No activity return is on record, so no rate can be told.",
        note="What counts for a day is the most complete return that covers it.",
        links=(Link("Every return", f"{reverse('admin:organisations_activityreturn_changelist')}"),)
        if len(seen.rows) > len(rows)
        else (),
    )


def _done(row: YearRow) -> tuple[object, ...]:
    if not row.counted:
        return (row.year.label, row.label, "Nothing returned", "None")
    amounts = "; ".join(each.row.in_words for each in row.counted)
    return (row.year.label, row.label, amounts, "; ".join(_origin(each) for each in row.counted))


def _origin(source: Source) -> str:
    return source.row.source if source.whole else f"{source.row.source}, {source.days} days of it"


def _admin(name: str, pk: int) -> str:
    return reverse(f"admin:organisations_employer_{name}", args=[pk])
