"""What a page says by its marks (`screens.md`), read without a browser."""

from html.parser import HTMLParser
from typing import Any


class Marks(HTMLParser):
    """The statistics table: `lines` and `links` by the line's key, `total`; `numbers` of a list of rows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: dict[str, dict[str, str]] = {}
        self.links: dict[str, dict[str, str]] = {}
        self.total: dict[str, str] = {}
        self.numbers: list[str] = []
        self.problems = 0
        self.line: dict[str, str] = {}
        self.link: dict[str, str] = {}
        self.column = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        self.problems += "data-problem" in found
        if tag == "tr":
            self.start_line(found)
        elif tag == "td":
            self.column = found.get("data-column", "")
            if self.column:
                self.line[self.column] = found["data-value"]
        elif tag == "a" and self.column:
            self.link[self.column] = found["href"]

    def start_line(self, found: dict[str, Any]) -> None:
        self.column = ""
        if "data-number" in found:
            self.numbers.append(found["data-number"])
        if "data-total" in found:
            self.line, self.link = self.total, {}
        if "data-key" in found:
            self.line, self.link = {}, {}
            self.lines[found["data-key"]], self.links[found["data-key"]] = self.line, self.link

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.column = ""
