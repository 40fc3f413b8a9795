"""Which language the command line speaks."""

from collections.abc import Mapping

from django.utils import translation


def language(environment: Mapping[str, str]) -> str:
    """RECOUP_LANG, else the terminal's language: Chinese where it starts with zh, else English."""
    for name in ("RECOUP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if said := environment.get(name):
            return "zh-hans" if said.lower().startswith("zh") else "en"
    return "en"


def speak(environment: Mapping[str, str]) -> None:
    """From here on messages are in the terminal's language."""
    translation.activate(language(environment))
