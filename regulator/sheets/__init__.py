"""Tables as files that people open in a spreadsheet: CSV and ODS, written row by row. Pure."""

from regulator.sheets.lines import csv_lines, defused
from regulator.sheets.ods import MEDIA_TYPE, Sheet, spreadsheet, spreadsheet_of, writable

__all__ = ["MEDIA_TYPE", "Sheet", "csv_lines", "defused", "spreadsheet", "spreadsheet_of", "writable"]
