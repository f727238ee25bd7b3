"""What CQC asks employers to do, as pages in versions that two people answer for; what readers say of such
pages; and the monthly digest of what is new (docs/decisions/0034)."""
