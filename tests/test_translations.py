"""Every sentence of the program has its Chinese, and a Chinese reader meets no English left over.

Needs no gettext: the sentences are read out of the sources as `makemessages` does, the Chinese out of the catalogue
that is committed."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation.template import templatize

from accounts.models import User
from leads.choices import AuditStatus, FollowUpStatus, Hold, Progress
from leads.columns import EXPORTED
from tests.factories import AssignmentFactory, LeadFactory

HERE = Path(settings.BASE_DIR)
CATALOGUE = HERE / "locale" / "zh_Hans" / "LC_MESSAGES"
SOURCES = (
    "accounts",
    "approvals",
    "audit",
    "config",
    "core",
    "customers",
    "jobs",
    "leads",
    "notices",
    "policies",
    "reports",
)
AT_LEAST = 500

CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # signs, too
SAME_IN_CHINESE: set[str] = {"Excel", "CSV"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?", re.DOTALL)
LAZY = re.compile("_(?:lazy|noop)$")


class Message(NamedTuple):
    context: str
    text: str
    plural: str


def message(function: str, texts: list[str]) -> Message:
    """What a call of `function`, one of the gettext family, asks for."""
    texts = [*texts, "", ""]
    context = texts.pop(0) if "pgettext" in function else ""
    return Message(context, texts[0], texts[1] if function.startswith("n") else "")


def of_template(path: Path) -> Iterator[Message]:
    for function, *texts in CALL.findall(templatize(path.read_text(encoding="utf-8"))):
        yield message(function, [ast.literal_eval(text) for text in texts if text])


def of_module(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: LAZY.sub("", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            texts = [leaf.value for leaf in node.args if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)]
            if texts:
                yield message(names[node.func.id], texts)


def messages() -> set[Message]:
    found = {text for path in (HERE / "templates").rglob("*.html") for text in of_template(path)}
    for part in SOURCES:
        found.update(text for path in (HERE / part).rglob("*.py") for text in of_module(path))
        found.update(text for path in (HERE / part).rglob("*.html") for text in of_template(path))
    return found


def chinese(asked: Message, compiled: gettext.GNUTranslations) -> str:
    """The translation, or the English itself where there is none."""
    context, text, plural = asked
    if plural:
        return compiled.npgettext(context, text, plural, 1) if context else compiled.ngettext(text, plural, 1)
    return compiled.pgettext(context, text) if context else compiled.gettext(text)


@pytest.fixture(scope="module")
def catalogue() -> dict[Message, str]:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    return {asked: chinese(asked, compiled) for asked in messages()}


def test_every_sentence_has_its_chinese(catalogue: dict[Message, str]) -> None:
    assert len(catalogue) > AT_LEAST, "the sources were not read"
    missing = sorted(asked for asked, text in catalogue.items() if not CJK.search(text) and text not in SAME_IN_CHINESE)
    assert not missing


def test_chinese_keeps_every_placeholder(catalogue: dict[Message, str]) -> None:
    def parts(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text.replace("%%", "")))

    changed = [asked for asked, text in catalogue.items() if parts(text) != parts(asked.plural or asked.text)]
    assert not changed


def test_chinese_ends_as_chinese_does(catalogue: dict[Message, str]) -> None:
    """Full-width signs and nothing shouted."""
    loud = re.compile("[!！]$")
    narrow = re.compile("[\u4e00-\u9fff][,;:?]")
    assert not [text for text in catalogue.values() if loud.search(text) or narrow.search(text)]


def committed() -> dict[tuple[str, str], str]:
    """(context, English) → Chinese as `django.po` has them."""
    found = {}
    for block in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        entry = {"msgctxt": "", "msgid": "", "msgstr": ""}
        word = ""
        for line in block.splitlines():
            if line.startswith(("msg", '"')):
                word, text = (word, line) if line.startswith('"') else line.split(" ", 1)
                word = "msgstr" if word == "msgstr[0]" else word
                entry[word] = entry.get(word, "") + ast.literal_eval(text)
        if entry["msgid"]:
            found[entry["msgctxt"], entry["msgid"]] = entry["msgstr"]
    return found


def test_compiled_catalogue_is_the_written_one(catalogue: dict[Message, str]) -> None:
    written = committed()
    assert len(written) > AT_LEAST
    stale = [asked for asked, text in catalogue.items() if written.get((asked.context, asked.text)) != text]
    assert not stale, "run compilemessages"


def test_catalogue_holds_nothing_doubtful() -> None:
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    assert "fuzzy" not in text
    assert "#~" not in text
    assert '"Language: zh_Hans\\n"' in text
    assert "nplurals=1" in text


def test_workbook_headers_are_those_of_the_screens() -> None:
    shown = (
        "编号 审核状态 报备进度 客户姓名 手机 电话 订货类型 城市 小区 楼号房间号 客户来源 家装公司 家装设计师 "
        "报备网点 报备人 报备时间 最后跟进时间 跟进状态 最后跟踪内容"
    )
    with translation.override("zh-hans"):
        assert [header.shown for header in EXPORTED.values()] == shown.split()


def test_states_are_named_as_agreed() -> None:
    with translation.override("zh-hans"):
        assert " ".join(map(str, Progress.labels)) == "报备 退回修改 指派 付定 成交 撤回 驳回 流失"
        assert " ".join(map(str, Hold.labels)) == "待审批 保护中 已过期 已释放 作废 排队中 已取消"
        assert " ".join(map(str, AuditStatus.labels)) == "未审核 成功 失败"
        assert " ".join(map(str, FollowUpStatus.labels)) == "待跟踪 继续跟踪 跟进 已到店 签约 放弃"


# Names of keys, formats and languages that Chinese pages show as they are.
LATIN = {"Ctrl", "Enter", "Excel", "CSV", "xlsx", "csv", "MB", "EN", "English", "KH"}
SPOKEN = re.compile(r"""(?:aria-label|placeholder|title|alt|data-text|data-done)="([^"]*)\"""")
HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
WORD = re.compile("[A-Za-z]{2,}")
ROLES = ("agent", "manager", "auditor", "seller", "measurer", "office", "executive", "administrator")
PAGES = (
    "/", "/leads/", "/leads/?progress=filed&name=x", "/leads/new/", "/leads/import/", "/leads/{number}/",
    "/leads/{number}/edit/", "/leads/{number}/delete/", "/leads/{number}/follow-ups/", "/leads/{number}/assign/",
    "/leads/{number}/measure/", "/store/", "/store/{case}/", "/measure/", "/audit/", "/audit/?deposit_only=0",
    "/audit/{case}/", "/reports/", "/reports/filing/", "/accounts/password/change/",
)  # fmt: skip


def leftovers(page: str) -> set[str]:
    """Latin words that somebody reads or hears."""
    page = HIDDEN.sub(" ", page)
    spoken = " ".join(SPOKEN.findall(page))
    plain = re.sub(r"&#?\w+;", " ", strip_tags(page.replace("<", " <")) + " " + spoken)
    names = {word for name in User.objects.values_list("username", flat=True) for word in WORD.findall(name)}
    return set(WORD.findall(re.sub(r"\{\w+\}", " ", plain))) - LATIN - names


@pytest.fixture
def company(agent: User, seller: User) -> dict[str, object]:
    """A filed lead, an assigned one and a paid one of the agent's."""
    filed = LeadFactory(filer=agent)
    assigned = AssignmentFactory(lead=LeadFactory(filer=agent, progress="assigned"), store=seller.unit)
    AssignmentFactory(lead=LeadFactory(filer=agent, progress="deposit"), store=seller.unit, progress="deposit",
                      deposit_amount=5000, deposit_paid_on=filed.filed_on, deposit_at=filed.filed_at)  # fmt: skip
    return {"number": filed.number, "case": assigned.pk}


def test_log_in_page_is_chinese(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "登录" in page
    assert not leftovers(page)


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_chinese(
    role: str, company: dict[str, object], client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    read, found = 0, {}
    for path in PAGES:
        response = client.get(path.format(**company))
        if response.status_code == 200:
            read += 1
        assert response.status_code in (200, 403, 404, 422), path
        if words := leftovers(response.content.decode()):
            found[path] = words
    assert read > 1
    assert not found
