"""Chinese; the framework knows it by its scripts alone."""

DATE_FORMAT = "Y年n月j日"
TIME_FORMAT = "H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
