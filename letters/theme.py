"""The operator's accent colour, fitted to the light and the dark page so that it can be read on both."""

# The grounds of the style sheet (its --wash) on which a colour is hardest to read: on all others it is read as well.
LIGHT_PAPER, DARK_PAPER = (0xEF, 0xE9, 0xDE), (0x23, 0x28, 0x31)
# WCAG 2.2, success criterion 1.4.3: text of normal size has a contrast of at least 4.5 to its ground.
CONTRAST = 4.5
Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 (black) to 1 (white)."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def fitted(colour: Colour, ground: Colour) -> Colour:
    """The colour, moved towards black or white until it can be read on ``ground``."""
    target = 0 if luminance(ground) > 0.5 else 255
    for step in range(21):
        mixed = tuple(round(part + (target - part) * step / 20) for part in colour)
        if contrast(mixed, ground) >= CONTRAST:  # type: ignore[arg-type]
            return mixed  # type: ignore[return-value]
    return (target, target, target)


def stylesheet(accent: str) -> str:
    """CSS that sets ``--accent`` and the ink upon it, for light and dark; ``accent`` is ``#rrggbb``."""
    colour = (int(accent[1:3], 16), int(accent[3:5], 16), int(accent[5:7], 16))
    light, dark = fitted(colour, LIGHT_PAPER), fitted(colour, DARK_PAPER)
    return (
        f":root {{ {_rules(light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_rules(dark)} }} }}\n"
        f"@media print {{ :root {{ {_rules(light)} }} }}\n"
    )


def _rules(colour: Colour) -> str:
    white, black = (255, 255, 255), (13, 26, 33)
    ink = white if contrast(colour, white) >= contrast(colour, black) else black
    return f"--accent: {_hex(colour)}; --accent-ink: {_hex(ink)};"


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
