"""A notice's papers: what it says as a PDF with its leaflet, the legal review before it is approved, and how
and when it was served.

Facts first, frozen at service; each document is set from them (docs/decisions/0026).
"""
