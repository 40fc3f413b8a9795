"""What people read and press, in each language, as they would say it themselves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    code: str
    html: str
    sign_in: str
    user_name: str
    next_case: str
    identity_checked: str
    saved: str
    no_answer: str
    promise_taken: str
    promise_broken: str
    just_broken: str
    worklist_done: str
    nothing_today: str
    no_night_yet: str
    save_it_as: str
    nothing_taken_in: str
    to_work: str
    large_amount: str
    may_call: str
    two_of_three_left: str
    one_of_three_left: str
    not_an_amount: str
    identity_first: str
    reverse: str
    reverse_payment: str
    reason: str
    nothing_overdue: str
    arrears_settled: str
    payment_reversed: str
    team: str
    one_cured: str
    sign_in_refused: str
    nothing_here: str
    no_vehicle: str
    look_for_a_number: str
    choose_the_number: str
    data_intake: str
    no_such_day: str
    on_hold: str
    not_open_to_you: str


CHINESE = Words(
    code="zh-hans",
    html="zh-Hans",
    sign_in="登录",
    user_name="用户名",
    next_case="下一件",
    identity_checked="已核实身份",
    saved="通话已保存",
    no_answer="无人接听",
    promise_taken="新增承诺",
    promise_broken="承诺跳票",
    just_broken="承诺刚跳票",
    worklist_done="清单已完成",
    nothing_today="今日清单为空",
    no_night_yet="尚未运行夜批",
    save_it_as="请另存为以下格式之一后重新提交：CSV, PARQUET, XLSX。",
    nothing_taken_in="没有任何内容入库",
    to_work="待作业",
    large_amount="逾期金额大",
    may_call="可以联系本人",
    two_of_three_left="今日待办 2 / 3",
    one_of_three_left="今日待办 1 / 3",
    not_an_amount="不是金额",
    identity_first="请确认已先核实对方身份",
    reverse="冲正",
    reverse_payment="冲正款项",
    reason="原因",
    nothing_overdue="无逾期",
    arrears_settled="逾期结清",
    payment_reversed="还款冲正",
    team="团队看板",
    one_cured="结清出催 1",
    sign_in_refused="用户名或密码不正确",
    nothing_here="此地址没有内容",
    no_vehicle="暂无车辆档案",
    look_for_a_number="请先查找号码",
    choose_the_number="请选择拨打的号码",
    data_intake="数据接入",
    no_such_day="日历",
    on_hold="停催",
    not_open_to_you="您没有权限打开此页",
)
ENGLISH = Words(
    code="en",
    html="en",
    sign_in="Sign in",
    user_name="User name",
    next_case="Next case",
    identity_checked="Identity checked",
    saved="Call saved",
    no_answer="No answer",
    promise_taken="Promise taken",
    promise_broken="Promise broken",
    just_broken="Promise just broken",
    worklist_done="Your list is done",
    nothing_today="Nothing on this list today",
    no_night_yet="No night has run yet",
    save_it_as="Save it as one of these and hand it over again: CSV, PARQUET, XLSX.",
    nothing_taken_in="Nothing of it was taken in.",
    to_work="To work",
    large_amount="Large amount",
    may_call="You may call the debtor",
    two_of_three_left="2 of 3 left today",
    one_of_three_left="1 of 3 left today",
    not_an_amount="is not an amount",
    identity_first="confirm that the person’s identity was checked first",
    reverse="Reverse",
    reverse_payment="Reverse payment",
    reason="Reason",
    nothing_overdue="Nothing overdue",
    arrears_settled="Arrears settled",
    payment_reversed="Payment reversed",
    team="Team",
    one_cured="Cured 1",
    sign_in_refused="User name or password is not right",
    nothing_here="There is nothing at this address",
    no_vehicle="No vehicle on file",
    look_for_a_number="look for a number first",
    choose_the_number="Choose the number that was called",
    data_intake="Data intake",
    no_such_day="is not a day of the calendar",
    on_hold="on hold",
    not_open_to_you="This is not open to you",
)
BOTH = (CHINESE, ENGLISH)
