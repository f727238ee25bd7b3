"""The desk's pages of editions."""
