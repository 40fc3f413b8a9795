"""Which of a file's columns is probably which of the layout's, by its name. Pure."""

import re
from collections.abc import Sequence

from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.rules import RowKind

# Other names lenders use; compared without case, spaces and punctuation.
SYNONYMS = {
    "contract_number": "合同编号 合同号码 贷款合同号 借据号 loan_id loan_number contract_no",
    "party_ref": "客户编号 客户代码 customer_id customer_no client_id borrower_id",
    "borrower_ref": "客户号 客户编号 借款人编号 customer_id customer_no borrower_id client_id",
    "borrower_name": "客户姓名 借款人 姓名 customer_name borrower name",
    "name": "客户姓名 客户名称 名称 customer_name full_name",
    "id_number": "身份证号 身份证号码 证件号 统一社会信用代码 id_no",
    "born_on": "生日 birth_date date_of_birth dob birthday",
    "product": "产品名称 产品类型 product_name",
    "currency": "货币 币别 ccy",
    "principal": "本金 贷款金额 合同金额 融资金额 放款金额 loan_amount originalLoanAmount amount",
    "annual_rate": "利率 合同利率 执行利率 rate interest_rate apr originalInterestRatePercentage",
    "term_months": "期数 贷款期限 期限月 term months originalLoanTerm",
    "method": "还款方式名称 repayment_method",
    "signed_on": "签订日期 合同日期 放款日期 放款日 起息日 contract_date origination_date",
    "first_due_on": "首期还款日 首次还款日 首期应还日期 first_payment_date first_due_date",
    "matures_on": "合同到期日 到期日期 maturity_date end_date",
    "region": "省份 城市 区域 state province",
    "seq": "期次 期号 期序 instalment installment number period",
    "due_on": "应还日 到期日 还款日 due_date",
    "interest": "利息 应还利息金额 interest_due",
    "cost": "费用 手续费 fee fees",
    "paid_on": "还款日 到账日期 入账日期 实还日期 交易日期 payment_date paid_date value_date",
    "amount": "金额 还款额 实还金额 到账金额 payment_amount paid_amount",
    "channel": "渠道 支付方式 payment_channel",
    "reference": "交易流水号 银行流水号 凭证号 reference_no transaction_id txn_id",
    "value": "号码 联系方式 电话号码 手机号码 number",
    "holder": "关系 与借款人关系 relation",
    "make": "厂商 车辆品牌 brand manufacturer vehicleManufacturerName",
    "model": "型号 车系 车辆型号 vehicleModelName",
    "model_year": "年份 车型年份 year vehicleModelYear",
    "plate": "车牌 号牌 plate_number license_plate",
    "vin": "VIN码 车辆识别代号 车架号码",
    "colour": "车身颜色 color",
}
_NOISE = re.compile(r"[\W_]+")


def suggest(kind: RowKind, header: Sequence[str]) -> dict[str, str]:
    """For each column of the layout the file's column that bears one of its names, each once."""
    by_name = {_folded(name): name for name in header if name}
    found: dict[str, str] = {}
    for names in (_own_names, _synonyms):
        for column in LAYOUT[kind]:
            if column.name in found:
                continue
            spelled = (by_name.get(_folded(name)) for name in names(column.name, column.heading))
            match = next((name for name in spelled if name and name not in found.values()), None)
            if match:
                found[column.name] = match
    return found


def _own_names(name: str, heading: str) -> list[str]:
    return [name, heading]


def _synonyms(name: str, _: str) -> list[str]:
    return SYNONYMS.get(name, "").split()


def _folded(name: str) -> str:
    return _NOISE.sub("", name).casefold()
