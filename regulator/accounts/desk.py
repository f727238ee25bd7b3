"""The ground of every page of the staff desk: who may see and change what, and lists that no address breaks.

Which tables are on the desk, and what their pages show, is stated by each app's ``admin`` module.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.messages import warning
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import DateTimeField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from regulator.accounts.policies import declare_all, needs
from regulator.accounts.roles import roles_with
from regulator.frontend.fields import PlainErrors

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _StackedInline = admin.StackedInline[Any, Any]
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelAdmin = admin.ModelAdmin
    _StackedInline = admin.StackedInline
    _ModelForm = forms.ModelForm

LONGEST_SEARCH = 200
"""Characters of a search that are looked at. Each word becomes a condition in SQL, which has an end."""


class DeskPermissions:
    """Django's admin asks its own questions; here they are answered from the role table.

    ``read_permission`` opens the pages, ``change_permission`` adds and changes (``""``: nobody does).
    Nothing is ever deleted on the desk. A name that no role holds raises ``LookupError`` on import.
    """

    read_permission: ClassVar[str]
    change_permission: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in (getattr(cls, "read_permission", ""), cls.change_permission):
            if name:
                roles_with(name)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.read_permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _holds(request, self.read_permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.change_permission)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _holds(request, self.change_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _holds(request: HttpRequest, permission: str) -> bool:
    return request.user.is_authenticated and permission in request.user.staff_grants


class DeskModelForm(PlainErrors, _ModelForm):
    """A row on the desk, with errors in plain English."""


class DeskInline(DeskPermissions, _StackedInline):
    """Rows of another table on a page. Stacked, because a table's fields would have no labels."""

    form = DeskModelForm
    extra = 0


class DeskModelAdmin(DeskPermissions, _ModelAdmin):
    """A table on the desk. ``regulator.admin.DeskSite`` takes no other kind of admin."""

    form = DeskModelForm
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    # One field with one label, where the admin's own draws two without any.
    formfield_overrides: ClassVar[Any] = {
        DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput}
    }
    actions = None

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """The routes of the table, each for those who may read it unless it states another policy."""
        return declare_all(needs(self.read_permission), super().get_urls())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. An address with a filter or a page that does not exist leads to the plain list."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        broken = ERROR_FLAG in request.GET or any("\x00" in value for value in request.GET.values())
        try:
            if not broken:
                return super().changelist_view(request, extra_context)
        except SuspiciousOperation:
            pass
        warning(
            request, "That address asks for a filter or a page that does not exist: here is the plain list."
        )
        return HttpResponseRedirect(request.path)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list's own filters ask: any other condition in an address is refused."""
        asked = {getattr(each, "parameter_name", each) for each in self.list_filter}
        field, _, kind = lookup.partition("__")
        return field in asked and kind in ("", "exact", "isnull")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows that match. Only the start of an endless search is looked at."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was changed when and by whom, for tables that keep it; nothing can be undone here."""
        if not hasattr(self.model, "history"):
            return super().history_view(request, object_id, extra_context)
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {found}",
            "opts": self.opts,
            "object": found,
            "entries": _history(found),
        }
        return TemplateResponse(request, "admin/desk_history.html", context)


def _history(found: Model) -> list[dict[str, Any]]:
    """The newest 100 records of an object's history, each with what changed against the one before."""
    records = list(found.history.select_related("history_user")[:101])  # type: ignore[attr-defined]
    entries = []
    for place, record in enumerate(records[:100]):
        older = records[place + 1] if place + 1 < len(records) else None
        changes = record.diff_against(older).changes if older else []
        entries.append({"record": record, "changes": changes})
    return entries
