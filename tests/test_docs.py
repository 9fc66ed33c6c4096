"""What the documents say can be checked: links, accounts, variables, and that no machine's own paths got in."""

import re
import subprocess
from pathlib import Path

import pytest

from config.demo.people import BACKGROUND, PASSWORD, PEOPLE

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
LINKS = re.compile(r"""\]\(([^)\s]+)\)|(?:src|href)="([^"]+)\"""")
READ_BY_SETTINGS = re.compile(r"""\benv(?:\.\w+)?\(\s*"([A-Z][A-Z_]+)\"""")
OFFERED = re.compile(r"^#([A-Z][A-Z_]+)=", re.MULTILINE)
ACCOUNT_ROW = re.compile(r"^\| `([a-z]+\d*)` \|", re.MULTILINE)
# Put together here, so that this file does not find itself.
MACHINE_PATHS = ["/" + folder + "/" for folder in ("work", "root", "home", "tmp/w")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links_in(document: Path) -> set[str]:
    found = {first or second for first, second in LINKS.findall(document.read_text("utf-8"))}
    return {link for link in found if not re.match(r"[a-z]+:", link)}


def heading_anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_relative_links_lead_somewhere(document: Path) -> None:
    for link in sorted(links_in(document)):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in heading_anchors(target), link


def test_every_guide_and_picture_is_used() -> None:
    used = {(document.parent / link).resolve() for document in DOCUMENTS for link in links_in(document)}
    made = {*(ROOT / "docs/guides").glob("*.md"), *(ROOT / "docs/guides/images").iterdir()}
    assert made <= used


def test_the_readme_names_the_demo_accounts_and_no_others() -> None:
    named = ACCOUNT_ROW.findall(README.read_text("utf-8"))
    variables_aside = [name for name in named if name in {person.username for person in PEOPLE} or name[-1].isdigit()]
    announced = [person.username for person in PEOPLE if person.username not in BACKGROUND]
    assert variables_aside == announced * 2, "once in each language"
    assert README.read_text("utf-8").count(f"`{PASSWORD}`") == 2


def test_every_variable_is_offered_and_explained() -> None:
    read = set(READ_BY_SETTINGS.findall((ROOT / "config/settings.py").read_text("utf-8")))
    offered = set(OFFERED.findall((ROOT / ".env.example").read_text("utf-8")))
    readme = README.read_text("utf-8")
    assert read >= {"DEBUG", "SECRET_KEY", "DATABASE_URL"}, "the pattern no longer finds what the settings read"
    assert read <= offered
    assert {name for name in offered if readme.count(f"`{name}`") < 2} == set(), "once in each language"


def test_no_path_of_a_machine_is_in_the_files() -> None:
    found = []
    for path in tracked_files():
        if not path.is_file() or "vendor" in path.parts:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{name_of(path)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if any(re.search(rf"(?<![\w.{{}}\-]){re.escape(place)}", line) for place in MACHINE_PATHS)
        ]
    assert found == []
