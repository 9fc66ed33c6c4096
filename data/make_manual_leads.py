"""Writes `data/manual-leads.xlsx`: the fifteen leads of the users' manual in the columns of the import template.

Rows 1 to 10 are the manual's filing list, 11 and 12 the two leads which only its quick-filing list has,
13 to 15 the cases of its audit tables as they were filed. Addresses are taken apart. The file comes out
the same, byte for byte, at every run.
"""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font

TARGET = Path(__file__).resolve().parent / "manual-leads.xlsx"
MADE_AT = datetime(2019, 6, 2, 22, 36)

HEADERS = (
    "客户姓名", "手机", "电话", "订货类型", "城市", "小区", "楼号房间号",
    "客户来源", "家装公司", "家装设计师", "报备网点", "报备人",
)  # fmt: skip
FILED_BY = ("办公室", "sales1")
WIDTHS = (12, 15, 15, 13, 9, 26, 15, 17, 12, 12, 12, 10)

LEADS = (
    ("测试", "13632252991", "13632252991", "理想橱柜", "南宁", "大鹏新区无无", "", "网销客户", "", ""),
    ("马超", "13368036049", "13368036049", "欧派衣柜", "上海", "大鹏新区呼啸山庄", "5号1楼", "自然客户", "", ""),
    ("马超", "13368036049", "13368036049", "欧派橱柜", "上海", "大鹏新区呼啸山庄", "5号1楼", "自然客户", "", ""),
    ("dd", "13910691234", "13910691234", "欧派橱柜", "上海", "大鹏新区", "333333", "家装公司推荐", "longfa", ""),
    ("章鱼小事", "13333333333", "13333333333", "欧派衣柜", "上海", "大鹏新区", "B21", "业务员", "", ""),
    ("章鱼小生", "13333333333", "13333333333", "", "上海", "大鹏新区", "B2", "网销客户", "", ""),
    ("章鱼小生", "13333333333", "13333333333", "", "上海", "龙华新区", "22", "自然客户", "", ""),
    ("周生生", "13860469848", "13860469848", "欧派橱柜", "", "大鹏新区呼啸山庄", "5号1楼", "家装设计师推荐",
     "测试公司", "刘明"),
    ("阿泰斯特", "15649798655", "", "理想橱柜", "上海", "荔湾区幸福里", "30", "家装公司推荐", "", ""),
    ("测试1", "15566156289", "15566156289", "欧铂丽橱柜", "哈尔滨", "南岗区辰能溪树", "c14栋1415", "自然客户", "", ""),
    ("张先生", "18600360843", "", "", "南宁", "海口国际花园", "1548栋1201", "自然客户", "", ""),
    ("张三", "12345611111", "1234", "", "重庆", "未国际", "26", "自然客户", "", ""),
    ("张苍生", "18600360843", "18600360843", "欧派橱柜", "贵阳", "白云区海螺", "100200", "自然客户", "", ""),
    ("yu", "12331111111", "12331111111", "欧派橱柜", "南宁", "星里", "3-2-1601", "家装设计师推荐", "龙发", "胡静华"),
    ("小星星", "18600360843", "18600360843", "欧派橱柜", "上海", "大鹏新区小星星小星星", "", "自然客户", "", ""),
)  # fmt: skip


def write_as_text(cell: Cell, value: str) -> None:
    """A spreadsheet turns a mobile into a number on editing unless the cell's format is text too."""
    cell.value = value
    cell.number_format = "@"


def workbook() -> Workbook:
    book = Workbook()
    book.properties.creator = "Lead filing"
    book.properties.title = "Leads of the users' manual"
    book.properties.created = MADE_AT
    sheet = book.active
    sheet.title = "报备"
    sheet.append(HEADERS)
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, lead in enumerate(LEADS, start=2):
        for column, value in enumerate((*lead, *FILED_BY), start=1):
            if value:
                write_as_text(sheet.cell(number, column), value)
    sheet.freeze_panes = "B2"
    return book


def timeless(content: bytes) -> bytes:
    """The same archive without the moments of its making."""
    steady = io.BytesIO()
    moment = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(steady, "w") as new:
        for name in old.namelist():
            part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment, old.read(name))
            entry = zipfile.ZipInfo(name, MADE_AT.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, part)
    return steady.getvalue()


def main() -> None:
    made = io.BytesIO()
    workbook().save(made)
    TARGET.write_bytes(timeless(made.getvalue()))


if __name__ == "__main__":
    main()
