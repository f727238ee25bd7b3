"""The desk's pages of the programme."""
