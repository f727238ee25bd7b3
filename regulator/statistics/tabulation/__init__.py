"""Counting on the fly, for staff: cross-tables of any two fields, and what is wrong with the data.

What can be counted, by what, and what is looked for in the data is contributed (``registries``).
"""
