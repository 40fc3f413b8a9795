"""What the code never does: run text, read pickles, use weak ciphers, guess, keep pages.

Requirements of docs/security/asvs.md that hold because nothing of the kind stands in the source.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

SOURCES = {str(p): p.read_text() for p in sorted(Path("recoup").rglob("*.py"))}
TEMPLATES = {
    str(p): p.read_text()
    for kind in ("html", "svg")
    for p in sorted(Path("recoup").rglob(f"*.{kind}"))
}
SCRIPTS = {str(p): p.read_text() for p in sorted(Path("recoup").rglob("*.js"))}
# A page made of our own style and of fragments that templates have just rendered, escaped.
MADE_OF_PAGES = "recoup/interfaces/inspection/templates/inspection/page.html"
SHA1_NAMES = "recoup/foundation/sign_in/passwords.py"

RUN = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
UNSAFE_READERS = {"pickle", "marshal", "shelve", "dill", "yaml", "xml.etree", "xml.dom", "lxml"}
GUESSABLE = {"random", "numpy.random"}
OWN_TEMPLATES = {"Template", "from_string", "render_from_string"}
# What `cryptography` and hashlib may be asked for. SHA-1 only names a password in public lists.
PRIMITIVES = {
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hashes",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "cryptography.hazmat.primitives.kdf.scrypt",
    "cryptography.hazmat.primitives.serialization",
}
CIPHERS = {"AESGCM", "SHA256", "HKDF", "Scrypt", "Ed25519PrivateKey", "Ed25519PublicKey"}
LOOSE_SCRIPT = re.compile(
    r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|postMessage"
    r"|localStorage|sessionStorage|indexedDB|document\.cookie|__proto__|Object\.assign|\.\.\.JSON"
)
LOOSE_TEMPLATE = re.compile(
    r"\|\s*safe\b|autoescape\s+off|safeseq|javascript:"
    r"|<script(?![^>]*\bsrc=)(?![^>]*application/json)|<[^>]*\s(?:on[a-z]+|style)="
)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call by the name it is written with: `hashlib.sha256`, `eval`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            before = getattr(node.func, "value", None)
            yield (f"{before.id}.{name}" if isinstance(before, ast.Name) else name), node


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, and `module:name` for what is taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}:{one.name}" for one in node.names)


def runs_text(source: str) -> list[str]:
    """What runs a text as a program or in a shell, or makes a template of it."""
    found = list[str]()
    for name, call in calls(ast.parse(source)):
        is_shell = any(k.arg == "shell" and ast.unparse(k.value) != "False" for k in call.keywords)
        if name in RUN | SHELLS or is_shell or name.split(".")[-1] in OWN_TEMPLATES:
            found.append(name)
    return found


def reads_unsafely(source: str) -> list[str]:
    """Formats that can make objects, run code or fetch entities while they are read."""
    return [
        name
        for name in imports(ast.parse(source))
        if any(name == one or name.startswith((f"{one}.", f"{one}:")) for one in UNSAFE_READERS)
    ]


def weak_cryptography(source: str) -> list[str]:
    """Primitives, hashes and generators that are not on the short list."""
    tree, found = ast.parse(source), list[str]()
    for name in imports(tree):
        module, _, taken = name.partition(":")
        foreign = module.startswith("cryptography") and module not in PRIMITIVES
        named = module.startswith("cryptography.hazmat.primitives") and taken[:1].isupper()
        odd = named and module.count(".") > 2 and "serialization" not in module
        if foreign or module in GUESSABLE or (odd and taken not in CIPHERS):
            found.append(name)
    for name, _ in calls(tree):
        if name.startswith("hashlib.") and name != "hashlib.sha256":
            found.append(name)
        if name in {"hmac.new", "hmac.digest"} and not re.search(r"sha256", source):
            found.append(name)
    return found


def found_in(files: dict[str, str], look: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Each file in which the look finds something."""
    return {name: found for name, text in files.items() if (found := look(text))}


def test_no_text_is_run_as_a_program_a_command_or_a_template() -> None:
    assert found_in(SOURCES, runs_text) == {}


def test_nothing_is_read_by_a_format_that_can_do_more_than_hold_data() -> None:
    assert found_in(SOURCES, reads_unsafely) == {}


def test_only_listed_ciphers_hashes_and_generators_are_used() -> None:
    assert found_in(SOURCES, weak_cryptography) == {SHA1_NAMES: ["hashlib.sha1"]}


def test_no_template_switches_escaping_off_or_holds_a_script() -> None:
    allowed = {MADE_OF_PAGES: ["|safe", "|safe"]}

    assert found_in(TEMPLATES, LOOSE_TEMPLATE.findall) == allowed


def test_what_is_said_to_be_safe_is_said_in_one_place() -> None:
    marked = {name for name, text in SOURCES.items() if "mark_safe" in text}

    assert marked == {"recoup/interfaces/ui/templatetags/ui.py"}


def test_our_scripts_keep_nothing_run_nothing_and_merge_nothing() -> None:
    assert len(SCRIPTS) > 1
    assert found_in(SCRIPTS, LOOSE_SCRIPT.findall) == {}


def test_the_kit_lets_htmx_keep_no_page_run_no_text_and_ask_nobody_else() -> None:
    said = Path("recoup/interfaces/ui/templates/ui/base.html").read_text()

    for setting in ('"allowEval":false', '"selfRequestsOnly":true', '"historyCacheSize":0'):
        assert setting in said


def test_no_answer_names_another_origin_that_may_read_it() -> None:
    """CORS headers, or a package that sends them, stand nowhere."""
    assert found_in(SOURCES, re.compile("Access-Control-|corsheaders").findall) == {}


def test_the_checks_find_what_they_look_for() -> None:
    assert runs_text("eval('1')") == ["eval"]
    assert runs_text("import subprocess\nsubprocess.run('x', shell=True)") == ["subprocess.run"]
    assert runs_text("Engine().from_string(text)") == ["from_string"]
    assert runs_text("re.compile('x')") == []
    assert reads_unsafely("from xml.etree import ElementTree") != []
    assert reads_unsafely("import pickle") == ["pickle"]
    assert weak_cryptography("import random") == ["random"]
    assert weak_cryptography("hashlib.md5(b'')") == ["hashlib.md5"]
    assert weak_cryptography("from cryptography.hazmat.primitives.ciphers.modes import ECB") != []
    assert weak_cryptography("from cryptography.hazmat.primitives.hashes import MD5") != []
    assert weak_cryptography("hashlib.sha256(b'')") == []
    assert LOOSE_SCRIPT.search("x.innerHTML = y")
    for loose in ("{{ x|safe }}", "<script>x()</script>", '<a onclick="x()">', '<p style="x">'):
        assert LOOSE_TEMPLATE.search(loose), loose
    assert not LOOSE_TEMPLATE.search('<script src="{% static "ui/console.js" %}" defer></script>')
