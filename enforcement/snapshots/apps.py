"""The register's snapshots as an application of their own: they stand on the register, which knows none."""

from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    name = "enforcement.snapshots"
    label = "register_snapshots"
    verbose_name = "Register snapshots"
