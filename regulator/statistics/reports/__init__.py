"""The annual report as a thing: its text, its frozen figures, who signed it, and every form of it.

Public pages, files and API read only what was published, from this application's own tables.
"""
