"""The standard layout: which columns each table of a lender's file has. Pure data.

`docs/intake.md` shows the same tables; a test keeps both equal.
"""

from recoup.modules.intake.columns import (
    Column,
    ColumnType,
    choice,
    day,
    identifier,
    money,
    text,
    whole,
    yes_no,
)
from recoup.modules.intake.rules import RowKind

METHODS = {
    "EQUAL_INSTALMENT": "等额本息 annuity",
    "EQUAL_PRINCIPAL": "等额本金",
    "INTEREST_FIRST": "先息后本 interest_only",
    "BALLOON": "尾款 气球贷",
    "FREE": "自由还款 agreed",
}
STATES = {"ACTIVE": "在贷 正常 open", "SETTLED": "结清 已结清 closed", "CHARGED_OFF": "核销 已核销"}
CHANNELS = {
    "TRANSFER": "转账 对公转账 bank",
    "CASH": "现金",
    "ONLINE": "线上 微信 支付宝 alipay wechat",
    "AUTO_DEBIT": "代扣 自动代扣 debit",
    "SERVICER": "服务商 代收",
}
CONTACT_KINDS = {
    "MOBILE": "手机 手机号 cell",
    "PHONE": "电话 座机 固话 landline",
    "EMAIL": "邮箱 电子邮件 mail",
    "ADDRESS": "地址 住址",
}
HOLDERS = {
    "SELF": "本人",
    "SPOUSE": "配偶",
    "RELATIVE": "亲属 家人",
    "EMPLOYER": "单位 公司",
    "OTHER": "其他",
}
ALLOCATION_RULES = {
    "CIVIL_CODE_561": "民法典561条",
    "OLDEST_INSTALMENT_FIRST": "逐期冲账",
    "PRINCIPAL_FIRST": "先本后息",
}

CONTRACT_NUMBER = identifier(
    "contract_number", "合同号", 64, "The lender's number of the contract", required=True
)
CURRENCY = Column(
    "currency", "币种", ColumnType.CURRENCY, "ISO 4217 code; the lender's currency if left out"
)
PARTY_REF = identifier(
    "party_ref", "客户号", 64, "The lender's number of the person or company", required=True
)
SYNTHETIC = yes_no("is_synthetic", "合成数据", "Made up rather than real; shown on screen")

PARTIES = (
    PARTY_REF,
    text("name", "姓名", 200, "Name of the person or company", required=True),
    choice("kind", "类型", {"PERSON": "个人", "COMPANY": "企业 公司"}, "Person or company"),
    text("id_type", "证件类型", 16, "Kind of identity document"),
    identifier("id_number", "证件号码", 64, "Number of the identity document"),
    day("born_on", "出生日期", "Date of birth"),
    text("language", "语言", 16, "Language to use with this person, e.g. zh or en"),
    text("region", "地区", 64, "Province, state or region code"),
    text("employer", "工作单位", 200, "Employer"),
    text("occupation", "职业", 100, "Occupation"),
    money("income", "月收入", "Income a month, in the lender's currency"),
    money("spending", "月支出", "Spending a month, in the lender's currency"),
    whole("credit_score", "信用分", 0, 10_000, "Credit score when the contract was made"),
    SYNTHETIC,
)
CONTACTS = (
    PARTY_REF,
    choice("kind", "类型", CONTACT_KINDS, "What kind of contact point it is", required=True),
    identifier("value", "内容", 300, "The number or address itself", required=True),
    choice("holder", "持有人", HOLDERS, "Whose it is; the party's own if left out"),
    yes_no("is_valid", "有效", "Whether it can be used; yes if left out"),
    SYNTHETIC,
)
CONTRACTS = (
    CONTRACT_NUMBER,
    identifier("borrower_ref", "借款人客户号", 64, "Party number of the borrower", required=True),
    text(
        "borrower_name",
        "借款人姓名",
        200,
        "Name of the borrower; makes the party if it is not known yet",
    ),
    text("product", "产品", 64, "Product name"),
    CURRENCY,
    money("principal", "贷款本金", "Amount lent", required=True),
    Column(
        "annual_rate",
        "年利率",
        ColumnType.RATE,
        "Nominal rate a year, in per cent: 8.4",
        required=True,
        most="100",
    ),
    whole("term_months", "期限", 1, 600, "Term in months", required=True),
    choice("method", "还款方式", METHODS, "Method of repayment; equal instalments if left out"),
    day("signed_on", "签约日期", "Day the contract was signed"),
    day("first_due_on", "首期应还日", "Day the first instalment is due", required=True),
    day("matures_on", "到期日", "Day the last instalment is due"),
    text("region", "地区", 64, "Province, state or region code of the contract"),
    choice("state", "合同状态", STATES, "State of the contract; active if left out"),
    Column(
        "penalty_multiplier",
        "罚息倍数",
        ColumnType.MULTIPLIER,
        "Penalty rate as a multiple of the contract rate; 0 for none, 1.5 if left out",
        most="1.5",
    ),
    Column(
        "penalty_rate",
        "罚息年利率",
        ColumnType.RATE,
        "Penalty rate a year instead of a multiple, in per cent",
        most="36",
    ),
    whole("penalty_cap_pct", "罚息上限", 0, 1000, "Most penalty per instalment, in per cent of it"),
    whole("penalty_day_basis", "计息基数", 360, 365, "Days of a year: 360 or 365; 360 if left out"),
    yes_no("penalty_on_interest", "计复利", "Penalty also on open interest; yes if left out"),
    whole("grace_days", "宽限天数", 0, 90, "Days of grace; 0 if left out"),
    whole(
        "tolerance_pct",
        "容差比例",
        0,
        99,
        "How much of an instalment, in per cent, may be open without being late; 0 if left out",
    ),
    choice(
        "allocation_rule",
        "冲账顺序",
        ALLOCATION_RULES,
        "Order in which payments settle; Civil Code art. 561 if left out",
    ),
    identifier("co_borrower_ref", "共同借款人客户号", 64, "Party number of a co-borrower"),
    identifier("guarantor_ref", "担保人客户号", 64, "Party number of a guarantor"),
    identifier("contact_ref", "联系人客户号", 64, "Party number of a contact person"),
)
INSTALMENTS = (
    CONTRACT_NUMBER,
    whole("seq", "期数", 1, 32_000, "Number of the instalment, from 1", required=True),
    CURRENCY,
    day("due_on", "应还日期", "Day it is due", required=True),
    money("principal", "应还本金", "Principal due", required=True),
    money("interest", "应还利息", "Interest due", required=True),
    money("cost", "应还费用", "Costs due; 0 if left out"),
    money("principal_paid", "已还本金", "Principal paid before the hand-over; 0 if left out"),
    money("interest_paid", "已还利息", "Interest paid before the hand-over; 0 if left out"),
    money("cost_paid", "已还费用", "Costs paid before the hand-over; 0 if left out"),
)
VEHICLES = (
    CONTRACT_NUMBER,
    text("make", "品牌", 64, "Make", required=True),
    text("model", "车型", 64, "Model"),
    whole("model_year", "年款", 1950, 2100, "Model year"),
    yes_no("is_new", "新车", "New when financed"),
    text("plate", "车牌号", 16, "Number plate"),
    identifier("vin", "车架号", 17, "Vehicle identification number"),
    text("colour", "颜色", 32, "Colour"),
    money("value", "车辆价值", "Value, in the lender's currency"),
    day("valued_on", "估值日期", "Day of that value"),
    yes_no("lien_registered", "已办抵押登记", "Whether the lien is registered"),
    SYNTHETIC,
)
PAYMENTS = (
    CONTRACT_NUMBER,
    CURRENCY,
    day("paid_on", "还款日期", "Day the payment counts", required=True),
    money("amount", "还款金额", "Amount received, without a sign", required=True),
    choice("channel", "还款渠道", CHANNELS, "How it came in; a transfer if left out"),
    identifier("reference", "流水号", 90, "The bank's reference; keeps payments apart"),
)

LAYOUT: dict[RowKind, tuple[Column, ...]] = {
    RowKind.PARTIES: PARTIES,
    RowKind.CONTACTS: CONTACTS,
    RowKind.CONTRACTS: CONTRACTS,
    RowKind.VEHICLES: VEHICLES,
    RowKind.INSTALMENTS: INSTALMENTS,
    RowKind.PAYMENTS: PAYMENTS,
}
# What must stand before what refers to it; the order in which the kinds of one file go in.
ORDER = tuple(LAYOUT)


def column(kind: RowKind, name: str) -> Column | None:
    """The column of that name, if the table has one."""
    return next((found for found in LAYOUT[kind] if found.name == name), None)
