"""Self-assessment questionnaires: sent to an employer before the visit, answered in its pages with evidence,
read and returned or accepted on the desk.

What is asked is data in editions (``ready``). Whatever was sent keeps the edition that it was sent in.
"""
