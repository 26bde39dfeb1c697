"""Form templates: fields marked once, found again on every scan of the form, and read."""
