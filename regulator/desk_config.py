"""Django's admin as the staff desk."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "regulator.admin.DeskSite"
