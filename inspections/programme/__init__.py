"""The year's programme of inspections: from the ranking to a list of places, each with the arm that chose it
and how probable that was.

``drawing`` is the arithmetic and needs no Django; ``sharing`` splits the places; ``candidates`` reads who
could be inspected; ``services`` writes. See docs/decisions/0020.
"""
