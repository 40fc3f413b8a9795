"""Every text that people read: found in Python by its calls, in templates by their parsed nodes."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from django.template import Engine
from django.template.base import Lexer, Template, TokenType, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

MODULE = "django.utils.translation"
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0+ -]*\d*(?:\.\d+)?[a-z]|\{(\w*)\}|(?<!%)%[sd]")
READ_ALOUD = {"title", "alt", "aria-label", "placeholder", "hx-confirm", "aria-description"}
MARKED = re.compile(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""")
UNSEEN = {"script", "style", "code", "kbd"}
WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]+")
# Names that are the same in every language.
NAMES = {"Recoup", "English", "简体中文", "中文", "HTML", "PDF"}


class Text(NamedTuple):
    """A source text as the catalogue knows it."""

    context: str | None
    message: str
    plural: str | None = None


def placeholders(message: str) -> list[str]:
    """What is filled in, in any order; a doubled per cent sign is none."""
    return sorted({found[0] for found in PLACEHOLDER.finditer(message.replace("%%", ""))})


def python_texts(source: str) -> list[Text]:
    """The literal arguments of gettext's functions, under whatever name they were imported."""
    tree = ast.parse(source)
    called: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            called |= {name.asname or name.name: name.name for name in node.names}
    calls = [
        (called[node.func.id], [a.value for a in node.args if isinstance(a, ast.Constant)])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called
    ]
    return [text for name, args in calls if (text := _text(name, args))]


def _text(name: str, args: list[Any]) -> Text | None:
    said = [a for a in args if isinstance(a, str)]
    if name.startswith("npgettext"):
        return Text(said[0], said[1], said[2]) if len(said) > 2 else None
    if name.startswith("ngettext"):
        return Text(None, said[0], said[1]) if len(said) > 1 else None
    if name.startswith("pgettext"):
        return Text(said[0], said[1]) if len(said) > 1 else None
    return Text(None, said[0]) if "gettext" in name and said else None


def template_texts(source: str) -> list[Text]:
    """What a template translates: tags, blocks, and _("…") anywhere in an expression."""
    nodes = list(_every(Template(source, engine=Engine.get_default()).nodelist))
    found = [text for tag in nodes if isinstance(tag, TranslateNode) for text in _tag(tag)]
    found += [_block(block) for block in nodes if isinstance(block, BlockTranslateNode)]
    found += [
        Text(None, double or single)
        for token in Lexer(source).tokenize()
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}
        for double, single in MARKED.findall(token.contents)
    ]
    return found


def _every(nodes: Any) -> Iterator[Any]:
    """Each node and those within. Simple block tags hide theirs from Django's own search."""
    for node in nodes:
        yield node
        for name in dict.fromkeys((*getattr(node, "child_nodelists", ()), "nodelist")):
            yield from _every(getattr(node, name, None) or ())


def _tag(node: TranslateNode) -> Iterator[Text]:
    said = node.filter_expression.var
    context = node.message_context.var if node.message_context else None
    message = said.literal if isinstance(said, Variable) else said
    if isinstance(message, str):
        yield Text(str(context) if context else None, message)


def _block(node: BlockTranslateNode) -> Text:
    def message(tokens: Any) -> str:
        said = str(node.render_token_list(tokens)[0])
        return str(trim_whitespace(said)) if node.trimmed else said

    context = str(node.message_context.var) if node.message_context else None
    plural = message(node.plural) if node.plural else None
    return Text(context, message(node.singular), plural)


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.inside.append(tag)
        self.said += [value or "" for name, value in attrs if name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


def untranslated_words(source: str) -> list[str]:
    """Words that a template shows in one language only."""
    shown = _Shown()
    shown.feed(_without_tags(source))
    shown.close()
    return [w for said in shown.said for w in WORD.findall(said) if w not in NAMES]


def _without_tags(source: str) -> str:
    """The markup alone: what tags and variables put in is not the template's own text."""
    kept, until = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK:
            if until:
                until = "" if name == until else until
            elif name in {"blocktranslate", "blocktrans", "comment"}:
                until = f"end{name}"
            kept.append(" ")
        elif token.token_type == TokenType.TEXT and not until:
            kept.append(token.contents)
        elif token.token_type == TokenType.VAR:
            kept.append("0")
    return "".join(kept)


def files(kind: str) -> list[Path]:
    """Every file of a kind that belongs to the product."""
    return sorted(p for p in Path("recoup").rglob(f"*.{kind}") if "migrations" not in p.parts)
