"""English as the rest of the world writes it."""

DATE_FORMAT = "j F Y"
