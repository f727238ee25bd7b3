"""The annual report as a thing: its text, its frozen figures, who signed it, and every form in which it is read.

Public pages, files and API read only what was published, from this application's own tables.
"""
