"""Everything that is read is written in both languages, with the same things filled in."""

import importlib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from recoup.core.refusals import Refused
from recoup.foundation.access.roles import VARIABLE, Role
from recoup.foundation.catalogues import catalogues
from tests.support.texts import (
    Text,
    files,
    placeholders,
    python_texts,
    template_texts,
    untranslated_words,
)

PYTHON, TEMPLATES = files("py"), files("html")
# Shown when nothing works, translations included: it speaks both languages by itself.
BILINGUAL = {"400.html", "413.html", "500.html", "bilingual.html"}


@cache
def chinese() -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Every finished translation of every catalogue; a fuzzy or empty one is none."""
    known: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for path in catalogues():
        with path.open("rb") as source:
            for message in read_po(source):
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                id_ = message.id[0] if isinstance(message.id, tuple | list) else message.id
                if id_ and all(said) and not message.fuzzy:
                    known[(message.context or None, id_)] = said
    return known


def missing(texts: list[Text]) -> list[str]:
    """Texts without a translation."""
    return sorted({t.message for t in texts if (t.context, t.message) not in chinese()})


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_every_text_in_python_is_translated(path):
    assert missing(python_texts(path.read_text())) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_text_in_a_template_is_translated(path):
    assert missing(template_texts(path.read_text())) == []


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name not in BILINGUAL], ids=str)
def test_a_template_says_nothing_in_one_language_only(path):
    assert untranslated_words(path.read_text()) == []


def test_every_refusal_is_translated(monkeypatch):
    monkeypatch.setenv(VARIABLE, Role.WEB)  # config.wsgi says so for its process; not for the rest
    for path in PYTHON:
        if path.name != "__main__.py":
            importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))

    said, waiting = set(), [Refused]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("recoup."):
            said.add(Text(None, kind.message))
    assert missing(sorted(said)) == []


@pytest.mark.parametrize("path", catalogues(), ids=str)
def test_a_translation_fills_in_what_the_text_fills_in(path):
    with path.open("rb") as source:
        for message in read_po(source):
            if not message.id:
                continue
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set(placeholders(ids[-1]))
            assert all(set(placeholders(text)) == wanted for text in said), ids[0]


def test_one_text_has_one_translation_wherever_it_stands():
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in catalogues():
        with path.open("rb") as source:
            for message in read_po(source):
                id_ = message.id[0] if isinstance(message.id, tuple | list) else message.id
                if id_:
                    wordings = said.setdefault((message.context or None, id_), {})
                    wordings[str(message.string)] = str(path)
    assert [(key, wordings) for key, wordings in said.items() if len(wordings) > 1] == []


def test_texts_are_found_under_any_imported_name_and_however_they_are_written():
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p\n"
        "from elsewhere import gettext\n"
        "a = _('one ' 'text')\n"
        "b = ngettext('%(n)d day', '%(n)d days', n)\n"
        "c = p('verb', 'close')\n"
        "d = gettext('not ours')\n"
    )

    assert python_texts(source) == [
        Text(None, "one text"),
        Text(None, "%(n)d day", "%(n)d days"),
        Text("verb", "close"),
    ]


def test_texts_are_found_in_tags_blocks_conditions_filters_and_arguments():
    source = (
        '{% load i18n ui %}{% translate "A" %}{% translate "B" context "c" as b %}'
        '{% if x == _("C") %}{% blocktranslate trimmed with n=x|default:_("D") %}\n'
        "  {{ n }} of\n  us {% endblocktranslate %}{% endif %}"
        "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% for y in z %}{{ y|default:_("E") }}{% endfor %}{% include "x.html" with t=_("F") %}'
        '{% card "1" %}{% body %}{% translate "G" %}{% endbody %}{% endcard %}'
    )

    assert set(template_texts(source)) == {
        Text(None, "A"),
        Text("c", "B"),
        Text(None, "C"),
        Text(None, "D"),
        Text(None, "%(n)s of us"),
        Text(None, "%(n)s day", "%(n)s days"),
        Text(None, "E"),
        Text(None, "F"),
        Text(None, "G"),
    }


def test_words_outside_translate_tags_are_found_also_in_attributes():
    assert untranslated_words('<p>Paid {{ x }}</p><b title="逾期">1</b>') == ["Paid", "逾期"]
    assert untranslated_words('<p class="card wide">{% translate "Paid" %}</p>') == []
    assert untranslated_words("{% blocktranslate %}Paid {{ x }}{% endblocktranslate %}") == []
    assert untranslated_words("{# a note #}{% comment %}a note{% endcomment %}") == []


def test_a_text_that_nobody_translated_is_found():
    unknown = Text(None, "A sentence that stands in no catalogue.")

    assert missing([unknown]) == [unknown.message]
    assert Path("recoup/interfaces/ui/locale").exists()
