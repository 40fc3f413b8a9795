"""Write what the product is made of: a CycloneDX list of contents, from the lock alone.

    python requirements/sbom.py [FILE]        default: var/sbom.cdx.json

No network. Every package with its version, its licence and the hashes it may have; no address of
where it came from, as in the lock.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from docs.licences import licence_of  # noqa: E402 - found by the line above

LOCK = ROOT / "requirements" / "base.lock.txt"
SPEC = "1.6"


def sbom() -> dict[str, Any]:
    """The list of contents of the product as it runs."""
    found = _from_lock()
    return found | {
        "metadata": found.get("metadata", {}) | {"component": _ourselves()},
        "components": [_component(one) for one in found["components"]],
        "dependencies": [],
    }


def _from_lock() -> dict[str, Any]:
    tool = Path(sys.executable).with_name("cyclonedx-py")
    command = [
        str(tool), "requirements", str(LOCK), "--output-reproducible", "--spec-version", SPEC,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _component(found: dict[str, Any]) -> dict[str, Any]:
    """A package without where it is fetched from; its hashes stand on it itself."""
    hashes = [h for ref in found.pop("externalReferences", []) for h in ref.get("hashes", [])]
    found.pop("description", None)
    licence = licence_of(found["name"])
    return found | {
        "bom-ref": found["purl"],
        "hashes": hashes,
        "licenses": [{"license": {"name": licence}}],
    }


def _ourselves() -> dict[str, Any]:
    text = (ROOT / "CHANGELOG.md").read_text()
    version = text.partition("\n## ")[2].split()[0]
    return {
        "type": "application",
        "bom-ref": "recoup",
        "name": "recoup",
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "sbom.cdx.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(sbom(), indent=1, sort_keys=True) + "\n")
    print(f"{file}: {len(sbom()['components'])} packages")
