"""Everything CI runs, stage after stage; with --quick what should be run before a commit.

All stages run even if one fails. The last lines say what failed and what was skipped: a test counts as skipped only if
no stage ran it. On a CI machine (CI=true) a missing tool is a failure.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import with_postgres

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
BIN = Path(sys.executable).parent
PYTHON = sys.executable
LONGEST = 900  # seconds a stage may take

PRODUCTION = {
    "SECURE": "on",
    "DEBUG": "off",
    "SECRET_KEY": secrets.token_hex(40),
    "ALLOWED_HOSTS": "filing.example.com",
}
SQLITE = {"DATABASE_URL": f"sqlite:///{BUILD / 'tests.sqlite3'}"}


def no_chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return "" if found else "no chromium on the path"


@dataclass(frozen=True)
class Stage:
    name: str
    command: list[str]
    variables: dict[str, str] = field(default_factory=dict)
    missing: Callable[[], str] = str

    @property
    def report(self) -> Path:
        return BUILD / f"{self.name.replace(' ', '-')}.xml"


def suite(name: str, *arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-q", f"--junit-xml={BUILD / name.replace(' ', '-')}.xml", *arguments]


STATIC = [
    Stage("ruff", [f"{BIN}/ruff", "check", "--quiet", "."]),
    Stage("format", [f"{BIN}/ruff", "format", "--check", "--quiet", "."]),
    Stage("templates", [f"{BIN}/djangofmt", "--check", "templates"]),
    Stage("contracts", [f"{BIN}/lint-imports", "--no-logo"]),
    Stage("types", [PYTHON, "-m", "mypy"]),
    Stage("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], SQLITE),
    Stage("deploy", [PYTHON, "manage.py", "check", "--deploy", "--fail-level=WARNING"], {**SQLITE, **PRODUCTION}),
]
QUICK = [Stage("SQLite", suite("SQLite", "-n2", "-m", "not browser and not drill and not race and not slow"), SQLITE)]
WHOLE = [
    Stage("SQLite", suite("SQLite", "-n2"), SQLITE),
    Stage(
        "PostgreSQL",
        [PYTHON, "bin/with_postgres.py", *suite("PostgreSQL", "-n2")],
        missing=with_postgres.missing,
    ),
    Stage(
        "browser",
        suite("browser", "-n2", "--dist=loadfile", "-m", "browser", "tests/browser"),
        SQLITE,
        missing=no_chromium,
    ),
]


@dataclass
class Tally:
    """What became of each test over all stages."""

    outcomes: Counter[str] = field(default_factory=Counter)
    ran: set[str] = field(default_factory=set)
    passed_over: dict[str, str] = field(default_factory=dict)

    def read(self, report: Path) -> None:
        if not report.exists():
            return
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own file
            test = f"{case.get('classname')}.{case.get('name')}"
            skipped = case.find("skipped")
            if skipped is not None:
                self.passed_over[test] = skipped.get("message", "")
                continue
            self.ran.add(test)
            self.outcomes[
                "failed" if case.find("failure") is not None or case.find("error") is not None else "passed"
            ] += 1

    def never_ran(self) -> Counter[str]:
        return Counter(why for test, why in self.passed_over.items() if test not in self.ran)


def run(stage: Stage) -> bool:
    print(f"\n--- {stage.name}", flush=True)
    stage.report.unlink(missing_ok=True)
    started = time.monotonic()
    code = 1
    with contextlib.suppress(subprocess.TimeoutExpired):
        code = with_postgres.run(stage.command, LONGEST, **stage.variables)
    seconds = time.monotonic() - started
    print(f"--- {stage.name}: {'ok' if code == 0 else 'FAILED'} in {seconds:.0f} s", flush=True)
    return code == 0


def main() -> int:
    with_postgres.leave_on_signals()
    os.chdir(ROOT)
    BUILD.mkdir(exist_ok=True)
    started = time.monotonic()
    strict = os.environ.get("CI") == "true"
    tally, failed, skipped = Tally(), [], []
    for stage in STATIC + (QUICK if "--quick" in sys.argv else WHOLE):
        if why := stage.missing():
            skipped.append(f"{stage.name} ({why})")
            failed += [stage.name] if strict else []
            continue
        if not run(stage):
            failed.append(stage.name)
        tally.read(stage.report)

    skipped += [f"{count} {'test' if count == 1 else 'tests'} ({why})" for why, count in tally.never_ran().items()]
    print(f"\nfailed: {', '.join(failed) or 'nothing'}")
    print(f"skipped: {'; '.join(skipped) or 'nothing'}")
    tally.outcomes["skipped"] = tally.never_ran().total()
    counts = ", ".join(
        f"{tally.outcomes[word]} {word}" for word in ("failed", "passed", "skipped") if tally.outcomes[word]
    )
    print(f"==== {counts or 'no tests ran'} in {time.monotonic() - started:.2f}s ====", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
