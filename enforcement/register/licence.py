"""Under which licence the register is given out, said on pages, in headers and in every file. Pure."""

from typing import Final

SPDX: Final = "OGL-UK-3.0"
"""As every row and every answer carries it: the identifier of the licence (spdx.org)."""
NAME: Final = "Open Government Licence v3.0"
ADDRESS: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ATTRIBUTION: Final = "Contains public sector information licensed under the Open Government Licence v3.0."
