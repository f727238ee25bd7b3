"""Documents that people keep: tagged PDFs, set by typst. Knows no case: apps bring templates and facts."""

from regulator.documents.rendering import render

__all__ = ["render"]
