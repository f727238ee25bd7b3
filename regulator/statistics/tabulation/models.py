"""Two pages of the desk, as the admin knows pages: by a model each. No table is behind them, and no row."""

from django.db import models


class CrossTable(models.Model):
    """A cross-table: its address says all that there is of it."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = "cross-table"

    def __str__(self) -> str:
        return "Cross-table"


class DataFault(models.Model):
    """What may be wrong with the data, found anew whenever it is asked for."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = "data quality"
        verbose_name_plural = "data quality"

    def __str__(self) -> str:
        return "Data quality"
