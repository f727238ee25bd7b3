"""The pages of the gate on the staff desk."""
