"""Action plans: what the employer does about what an inspection found, from its answer to the last action.

An application of its own on top of inspections, which do not know of it.
"""
