"""The operator's accent colour, fitted to the light and the dark page so that it can be read on both."""

import colorsys

# The grounds of the style sheet (its --wash) on which a colour is hardest to read: on all others it is read as well.
LIGHT_PAPER, DARK_PAPER = (0xEF, 0xE9, 0xDE), (0x23, 0x28, 0x31)
# The accent that the style sheet itself has, with a light tone of its own for the dark page.
DEFAULT, OWN_DARK = "#0b4f6c", (0x8C, 0xCB, 0xE4)
# On the dark page an accent is at least this light, and no livelier than this (HSL).
DARK_LIGHTNESS, DARK_SATURATION = 0.68, 0.72
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


def lightened(colour: Colour) -> Colour:
    """The colour for the dark page: its hue in a light tone. Mixed with white alone it would look switched off."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    tone = colorsys.hls_to_rgb(hue, max(lightness, DARK_LIGHTNESS), min(saturation, DARK_SATURATION))
    red, green, blue = (round(part * 255) for part in tone)
    return fitted((red, green, blue), DARK_PAPER)


def tones(accent: str) -> tuple[Colour, Colour]:
    """The accent (``#rrggbb``) for the light and for the dark page."""
    colour = (int(accent[1:3], 16), int(accent[3:5], 16), int(accent[5:7], 16))
    return fitted(colour, LIGHT_PAPER), lightened(colour) if accent.lower() != DEFAULT else OWN_DARK


def stylesheet(accent: str) -> str:
    """CSS that sets ``--accent`` and the ink upon it, for light and dark; ``accent`` is ``#rrggbb``."""
    light, dark = tones(accent)
    rules = [f":root {{ {_rules(light)} }}"]
    rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{ {_rules(dark)} }} }}")
    rules.append(f"@media print {{ :root {{ {_rules(light)} }} }}")
    return "\n".join(rules) + "\n"


def mail_colours(accent: str) -> dict[str, str]:
    """The same four colours by their names, for mail, whose readers know no variables: ``accent``, ``accent_ink``,
    ``dark_accent``, ``dark_accent_ink``."""
    light, dark = tones(accent)
    return {
        "accent": _hex(light),
        "accent_ink": _hex(_ink(light)),
        "dark_accent": _hex(dark),
        "dark_accent_ink": _hex(_ink(dark)),
    }


def _ink(colour: Colour) -> Colour:
    """White or black, whichever is read better on the colour."""
    white, black = (255, 255, 255), (13, 26, 33)
    return white if contrast(colour, white) >= contrast(colour, black) else black


def _rules(colour: Colour) -> str:
    return f"--accent: {_hex(colour)}; --accent-ink: {_hex(_ink(colour))};"


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
