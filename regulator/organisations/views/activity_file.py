"""Activity returns as a CSV file: a template, what stands, and a file that is looked at before it is filed.

Nothing is kept between the look and the filing: the page sends the rows again, and they are read again.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_safe

from regulator import clock
from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations import queries, services
from regulator.organisations.activity import (
    ReturnChange,
    carried_out,
    changes,
    own_returns,
    returns_of,
    year_labels,
)
from regulator.organisations.activity_forms import FiledForm, UploadForm
from regulator.organisations.attempt import attempt, carry, status_of
from regulator.organisations.models import ActivityReturn, Employer, Modality
from regulator.organisations.returns import ReturnDetails, last_ended
from regulator.organisations.returns_csv import (
    LARGEST,
    template,
    written,
    written_returns,
)
from regulator.organisations.views.activity import KEEP, SEE

_HELD = "content"


@declare(needs(SEE))
@require_safe
def empty_file(request: HttpRequest, key: str) -> HttpResponse:
    """A file to fill in for the last year that ended, with what the open sites carry out."""
    employer = queries.own_employer(key, signed_in(request), permission=SEE)
    offered = carried_out(employer, open_only=True)
    modalities = [each for each in Modality.values if each in offered or not offered]
    return _handed_over(template(last_ended(clock.today()).label, modalities), "activity-returns-template")


@declare(needs(SEE))
@require_safe
def download(request: HttpRequest, key: str) -> HttpResponse:
    """Every return of the employer's own that stands, as a file that can be changed and sent back."""
    employer = queries.own_employer(key, signed_in(request), permission=SEE)
    rows = list(own_returns(employer))
    labels = year_labels(rows, clock.today())
    named = [(labels[row.pk], row) for row in rows if row.pk in labels]
    return _handed_over(written_returns(named), f"activity-returns-{employer.key}")


@declare(needs(KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a file; look at what it would change; file it."""
    employer = queries.own_employer(key, signed_in(request), permission=KEEP)
    if request.method == "POST" and _HELD in request.POST:
        return _file(request, employer)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not form.is_valid():
        return _choose(request, employer, form)
    found = _changes(employer, form.cleaned_data["file"])
    return _show(request, employer, FiledForm(initial=_carried(found)), found)


def _choose(request: HttpRequest, employer: Employer, form: UploadForm) -> HttpResponse:
    context = {"form": form, "employer": employer, "largest": LARGEST // 1024}
    return render(request, "organisations/activity_upload.html", context, status=status_of(form))


def _file(request: HttpRequest, employer: Employer) -> HttpResponse:
    """File what the page sent again, or show anew what it would change. A page that lost its rows leads back
    to the choice of a file."""
    form = FiledForm(request.POST)
    if not form.is_valid():
        return _choose(request, employer, UploadForm({}, MultiValueDict()))

    def deed() -> list[ActivityReturn]:
        return services.file_returns(employer=employer, details=form.details(), by=signed_in(request))

    outcome = attempt(form, deed, add=form.refuse)
    if outcome.done:
        number = len(outcome.value or [])
        messages.success(request, f"The file was filed: {number} {'return' if number == 1 else 'returns'}.")
        return redirect("organisations:activity", employer.key)
    found = _changes(employer, form.cleaned_data[_HELD])
    carry(form, {**_carried(found), "confirmed": ""})
    return _show(request, employer, form, found)


def _show(
    request: HttpRequest, employer: Employer, form: FiledForm, found: list[ReturnChange]
) -> HttpResponse:
    context = {
        "form": form,
        "employer": employer,
        "changes": found,
        "is_change": any(each.is_change for each in found),
        "doubts": any(each.doubts for each in found if each.is_change),
    }
    return render(request, "organisations/activity_look.html", context, status=status_of(form))


def _changes(employer: Employer, said: list[ReturnDetails]) -> list[ReturnChange]:
    return changes(employer, said, clock.today(), rows=list(returns_of(employer)))


def _carried(found: list[ReturnChange]) -> dict[str, str]:
    return {
        _HELD: written(each.details for each in found),
        "versions": ",".join(str(each.version) for each in found),
        "doubted": ",".join(each.details.name for each in found if each.is_change and each.doubts),
    }


def _handed_over(content: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
