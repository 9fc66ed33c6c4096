"""Filings of every kind, and filings that meet others under other names, numbers and addresses.

They come after the ordinary stories, whose customers some of them meet. Their people and companies are invented; the
credit codes have a right check digit and an organisation number that is never given out.
"""

# A table is read by its columns.
# ruff: noqa: E501

from config.demo.stories import CABINET, OPPOLIA, PLAIN_CABINET, WARDROBE, Story

SHOP_NUMBER = "12300008888"
HOTEL = {
    "customer_kind": "company", "credit_code": "91450100DEM0DEM0XM", "contact_name": "秦惊鸿", "contact_post": "采购主管",
    "industry": "住宿和餐饮业", "customer_category": "new",
}  # fmt: skip
BUILDER = {
    "customer_kind": "company", "credit_code": "91450100DEM0DEM1XN", "contact_name": "楚云深", "contact_post": "项目经理",
    "industry": "建筑业", "filing_kind": "project", "project_name": "望岳书院二期精装修", "project_site": "南宁市良庆区听荷路20号",
    "floor_area": "12800", "help_wanted": "请设计部出样板间方案",
}  # fmt: skip
SPECIAL = {
    "filing_kind": "special", "customer_category": "potential",
    "special_reason": "客户要同时装修三套房，申请按三套一并报备并延长跟进",
}  # fmt: skip
CROSS_REGION = {
    "filing_kind": "cross_region", "cross_region_case": "design", "target_city": "柳州",
    "special_reason": "同一设计院为南宁、柳州两地设计同款新品，柳州项目先定样",
}  # fmt: skip
PRE_VISIT = {"filing_kind": "pre_visit", "visit_purpose": "到展厅看橱柜样品，并约量房", "style": "新中式"}
MASKED = {"filing_kind": "masked", "gender": "male"}

MEETINGS = (
    Story(12, "sales3", "覃太太", "12300208874", "南宁", "听荷路18号", "3-2-1601", WARDROBE, "自然客户"),
    Story(11, "sales4", "秦女士", "12300201023", "南宁", "江南云庄", "3号楼2单元1601室", CABINET, "网销客户", turned_away=True),
    Story(9, "sales4", "洛听澜", "12300206652", "南宁", "青秀区观岭雅舍", "5栋1单元801", CABINET, "自然客户", {"phone": "0771-1230012"}),
    Story(9, "sales3", "南宁鹿鸣示例酒店管理有限公司", "12300201108", "南宁", "青秀区知春大厦", "A座1208", CABINET, "业务员", HOTEL),
    Story(8, "sales4", "温知秋", "12300202215", "南宁", "江南区白沙雅筑", "3栋1102", WARDROBE, "自然客户", SPECIAL, granted_after=1),
    Story(7, "sales3", "陶知夏", "12300203322", "柳州", "城中区柳岸人家", "9栋1101", OPPOLIA, "自然客户", CROSS_REGION, granted_after=2),
    Story(6, "sales4", "广西望岳示例建设有限公司", "12300204437", "南宁", "良庆区知春大厦", "B座1501", CABINET, "业务员", BUILDER),
    Story(5, "sales3", "楼听雨", "12300207120", "南宁", "兴宁区三塘雅居", "3栋1101", CABINET, "自然客户", {"phone": SHOP_NUMBER}),
    Story(4, "sales4", "覃谷雨", "123****2251", "南宁", "良庆区云上江南", "", CABINET, "网销客户", MASKED),
    Story(4, "sales4", "闻人雪", "12300207231", "南宁", "江南区白沙雅筑", "15栋902", PLAIN_CABINET, "自然客户", {"phone": SHOP_NUMBER}),
    Story(3, "sales3", "谢女士", "12300204430", "南宁", "澜庭雅舍", "8栋502", WARDROBE, "自然客户"),
    Story(3, "sales3", "洛听澜", "12300207763", "南宁", "江南区亭江花园", "2栋1605", WARDROBE, "自然客户", {"phone": "0771-1230012-802"}),
    Story(2, "sales4", "南宁鹿鸣示例酒店管理有限公司", "12300201117", "南宁", "青秀区知春大厦", "A座1210", WARDROBE, "网销客户",
          HOTEL | {"contact_name": "路长亭", "contact_post": "工程部经理"}, queues=True),
    Story(2, "sales4", "云归晚", "12300209905", "南宁", "青秀区凤岭雅苑", "16栋1802", CABINET, "网销客户", PRE_VISIT, visit_in=3),
)  # fmt: skip
