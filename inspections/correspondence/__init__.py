"""What leaves CQC about an inspection: announcement, request for documents, draft feedback and report, each
prepared by one person and sent by a second; and what the employer says of the facts, point by point.
"""
