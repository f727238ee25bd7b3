"""The provisions of the law on the desk: staff read them, administrators keep them."""

from django.contrib import admin

from regulator.accounts.desk import DeskModelAdmin
from regulator.legislation.models import Provision


@admin.register(Provision)
class ProvisionAdmin(DeskModelAdmin):
    read_permission = "legislation.read"
    change_permission = "legislation.manage"
    list_display = ("reference", "heading", "instrument", "in_force_from", "in_force_to", "verified")
    list_filter = ("instrument", "verified")
    search_fields = ("reference", "heading")
    ordering = ("position",)
