"""The public's pages and files of the published reports."""
