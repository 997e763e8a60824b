"""The operator's accent on the light and on the dark page."""

import colorsys
import re

import pytest

from letters.theme import DARK_PAPER, DEFAULT, LIGHT_PAPER, contrast, stylesheet


def colours(accent):
    """(accent, ink) of the light page, the dark page and paper."""
    found = re.findall(r"--accent: #(\w{6}); --accent-ink: #(\w{6})", stylesheet(accent))
    return [tuple(tuple(bytes.fromhex(word)) for word in pair) for pair in found]


ACCENTS = [DEFAULT, "#7a1f2b", "#1d4ed8", "#0a7d33", "#ffd400", "#000000", "#777777", "#5b2a86"]


@pytest.mark.parametrize("accent", ACCENTS)
def test_an_accent_is_read_on_its_ground_and_carries_its_ink(accent):
    light, dark, paper = colours(accent)
    assert contrast(light[0], LIGHT_PAPER) >= 4.5 and contrast(dark[0], DARK_PAPER) >= 4.5
    assert all(contrast(*pair) >= 4.5 for pair in (light, dark, paper))


def test_the_dark_page_has_the_light_tone_that_was_designed_for_it():
    assert "--accent: #8ccbe4; --accent-ink: #0d1a21;" in stylesheet(DEFAULT)


@pytest.mark.parametrize("accent", ["#7a1f2b", "#1d4ed8", "#0a7d33", "#5b2a86"])
def test_an_accent_keeps_its_life_in_the_dark(accent):
    def hue_and_life(colour):
        hue, _lightness, life = colorsys.rgb_to_hls(*(part / 255 for part in colour))
        return hue, life

    (hue, life), (dark_hue, dark_life) = (
        hue_and_life(c) for c in (bytes.fromhex(accent[1:]), colours(accent)[1][0])
    )
    assert abs(hue - dark_hue) < 0.02
    assert dark_life >= min(life, 0.6) - 0.02
