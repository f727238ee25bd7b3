"""The desk's pages of annual reports."""
