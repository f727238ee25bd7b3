"""Editions of the criteria and of the taxonomy of causes: read from files, compared, previewed, put in
place."""
