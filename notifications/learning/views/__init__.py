"""The public pages of the library, and the pages of learning cases on the staff desk."""
