"""Take the container recipe's steps one by one where no builder is at hand, and run what comes out.

    python -m tests.drills.container BASE [FOLDER]        as root; BASE: the root folder of a system

BASE is what `FROM` would fetch: a system with Python 3.11 or newer (debootstrap makes one).
Each stage becomes a copy of it, in which `RUN` is run by chroot and `COPY` copies the last commit.
Then the image's own command runs as its user, on a root that cannot be written, with a PostgreSQL
beside it, until its health check says that it is well. Not tried by this: layers, an image's
metadata, a runtime's confinement.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from recoup.foundation import embedded_postgres

RECIPE = Path("Containerfile")
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
# How this machine reaches its package index: the machine's own, as a builder would be given it.
OF_THIS_MACHINE = (
    "PIP_CERT", "PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE",
    "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip


@dataclass(slots=True)
class Stage:
    """A root folder that is being built, and what the recipe has said about it so far."""

    root: Path
    work: str = "/"
    user: str = "0:0"
    environment: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)

    def run(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        """Start a command inside, as the stage's user in its folder with its environment."""
        inside = f'cd {self.work} && exec "$@"'
        path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        return subprocess.Popen(
            [CHROOT, f"--userspec={self.user}", str(self.root), "/bin/sh", "-c", inside, "sh",
             *command],
            env=path | self.environment | more,
        )  # fmt: skip


def steps() -> list[tuple[str, str]]:
    """(word, rest) of every step, comments gone and lines joined."""
    text = re.sub(r"^#.*\n", "", RECIPE.read_text(), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", " ", text)
    return [(w, r.strip()) for w, _, r in (s.partition(" ") for s in joined.splitlines() if s)]


def build(base: Path, folder: Path) -> Stage:
    """Take every step; the last stage is the image."""
    source = folder / "source"
    subprocess.run(["git", "clone", "-q", ".", str(source)], check=True)
    stages = dict[str, Stage]()
    stage = Stage(base)
    for word, rest in steps():
        print(f"{word} {rest}", flush=True)
        if word == "FROM":
            name = rest.partition(" AS ")[2] or str(len(stages))
            stage = stages[name] = Stage(folder / name)
            subprocess.run(["cp", "-a", f"{base}/.", str(stage.root)], check=True)
            mount(stage.root)
        elif word != "ARG":
            _step(stage, stages, source, word, rest)
    return stage


def _step(stage: Stage, stages: dict[str, Stage], source: Path, word: str, rest: str) -> None:
    if word == "RUN":
        more = {name: os.environ[name] for name in OF_THIS_MACHINE if name in os.environ}
        if stage.run(["/bin/sh", "-ec", rest], **more).wait():
            raise SystemExit(f"This step fails: {rest}")
    elif word == "COPY":
        of, what, to = re.fullmatch(r"(?:--from=(\w+) )?(\S+) (\S+)", rest).groups()  # type: ignore[union-attr]
        there = stage.root / Path(stage.work, to).relative_to("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        before = stages[of].root / what.lstrip("/") if of else source / what
        shutil.copytree(before, there, symlinks=True, dirs_exist_ok=True)
    elif word == "ENV":
        stage.environment |= dict(pair.split("=", 1) for pair in rest.split())
    elif word == "WORKDIR":
        stage.work = rest
        (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif word == "USER":
        stage.user = rest
    else:
        stage.said[word] = json.loads(rest[rest.index("[") :]) if "[" in rest else [rest]


def mount(root: Path) -> None:
    """What a builder gives every step: processes, devices, the network's names."""
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    subprocess.run(["mount", "--bind", "/dev", str(root / "dev")], check=True)
    for name in ("etc/resolv.conf", "etc/hosts"):
        shutil.copy(f"/{name}", root / name)


def run(image: Stage, folder: Path) -> None:
    """Migrate and serve, on a root that cannot be written, until the health check is content."""
    var = folder / "database"
    var.mkdir(mode=0o755)
    server = embedded_postgres.start(var, listen_addresses="127.0.0.1")
    read_only(image)
    given = {
        "RECOUP_DATABASE_URL": "postgresql://recoup@127.0.0.1:5432/recoup?sslmode=disable",
        "RECOUP_HOSTS": "recoup.example",
    }
    entry = image.said["ENTRYPOINT"]
    web = None
    try:
        check(image.run(["touch", "/opt/recoup/x"], **given), fails=True)
        check(image.run([*entry, "recoup", "manage", "migrate", "-v0"], **given))
        web = image.run([*entry, *image.said["CMD"]], **given)
        until = time.monotonic() + 120
        while image.run(image.said["HEALTHCHECK"], **given).wait():
            if web.poll() is not None or time.monotonic() > until:
                raise SystemExit("The web server does not get well.")
            time.sleep(2)
        owner = Path(f"/proc/{web.pid}").stat().st_uid
        print(f"It is well, as user {owner}, on a root that cannot be written.")
    finally:
        if web:
            web.send_signal(signal.SIGTERM)
            web.wait(30)
        embedded_postgres.stop(server)


def read_only(image: Stage) -> None:
    """As `--read-only --tmpfs /tmp` with a volume for the data folder."""
    subprocess.run(["mount", "--bind", str(image.root), str(image.root)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(image.root)], check=True)
    for folder, said in (("tmp", "mode=1777"), ("var/lib/recoup", "mode=0700,uid=10001,gid=10001")):
        there = str(image.root / folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", said, "tmpfs", there], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", str(image.root / "proc")], check=True)


def check(process: subprocess.Popen[bytes], *, fails: bool = False) -> None:
    if bool(process.wait()) is not fails:
        raise SystemExit(f"This ended with {process.returncode}: {process.args}")


def clear(folder: Path) -> None:
    """Unmount what was mounted below, innermost first, and remove the copies."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in reversed([m for m in mounted if m.startswith(f"{folder}/")]):
        subprocess.run(["umount", "-l", place], check=False)
    left = Path("/proc/mounts").read_text()
    if f" {folder}/" not in left:  # never remove through a mount
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    given_folder = sys.argv[2] if len(sys.argv) > 2 else None
    here = Path(tempfile.mkdtemp(prefix="recoup-container-", dir=given_folder))
    here.chmod(0o755)
    try:
        run(build(Path(sys.argv[1]), here), here)
    finally:
        clear(here)
