"""The dialogs of form templates: their fields, and the table of a folder of forms."""
