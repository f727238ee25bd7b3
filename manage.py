#!/usr/bin/env python
"""The portal's command line: Django's management commands."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulator.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
