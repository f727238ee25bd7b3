"""Concerns: what somebody told CQC about an employer, outside any notification of that employer.

Everything here is CQC's own. No employer may ever learn that a concern exists; who a whistle-blower is, is
not recorded at all (docs/decisions/0031).
"""
