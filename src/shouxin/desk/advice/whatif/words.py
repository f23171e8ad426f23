"""The words in which a what-if is told."""

from __future__ import annotations

from shouxin.desk.advice.whatif.model import Outcome
from shouxin.foundation.texts import Text

FACILITY = {
    "offered": Text("待接受", "offered"),
    "active": Text("正常", "active"),
    "suspended": Text("已停用", "suspended"),
    "closing": Text("关闭中", "closing"),
    "closed": Text("已关闭", "closed"),
}
VERDICT = {
    Outcome.DONE: Text("可行", "possible"),
    Outcome.REFUSED: Text("不可行", "not possible"),
    Outcome.NOT_REACHED: Text("未执行到", "not reached"),
}
STEP = {
    "repay_all": Text("结清「{product}」", "pay off {product}"),
    "repay_due": Text("还清「{product}」到期应还款", "pay what is due on {product}"),
    "repay": Text("归还「{product}」{amount}元", "repay {amount} on {product}"),
    "close": Text("关闭「{product}」", "close {product}"),
    "open": Text("申请开通「{product}」", "open {product}"),
    "open_amount": Text("申请开通「{product}」，额度{amount}元", "open {product} for {amount}"),
    "switch": Text("先批后关：{what}", "{what} in one, approved beforehand"),
    "switched": Text("关闭「{closes}」，开通「{product}」", "close {closes} and open {product}"),
    "draw": Text("支用「{product}」{amount}元", "draw {amount} on {product}"),
    "wait": Text("等待{days}天，期间到期款按时偿还", "wait {days} days, paying what falls due on its day"),
    "wait_unpaid": Text("等待{days}天，期间不还款", "wait {days} days, paying nothing"),
    "assume": Text("假定{fact}为{to}", "assume {fact}: {to}"),
    "assume_change": Text("假定{fact}变化{to}", "assume {fact} changes by {to}"),
}
LINES = {
    "day": Text("营业日 {day}", "day {day}"),
    "paid": Text("{day} 还款 {amount}元", "{day}: {amount} paid"),
    "nothing_owed": Text("没有未还款项", "nothing was owed"),
    "opened": Text(
        "开通「{product}」：额度{amount}元，{rate}，有效期至 {day}", "{product} opened: limit {amount}, {rate}, until {day}"
    ),
    "closed": Text("「{product}」已关闭", "{product} is closed"),
    "lapsed": Text("{day} 「{product}」到期失效", "{day}: {product} lapses"),
    "suspend": Text("{day} 「{product}」暂停支用：{why}", "{day}: {product} cannot be drawn any more: {why}"),
    "close": Text("{day} 「{product}」终止：{why}", "{day}: {product} is ended: {why}"),
    "resume": Text("{day} 「{product}」恢复支用", "{day}: {product} can be drawn again"),
    "closing": Text(
        "「{product}」仍有{amount}元未结清，结清后关闭；此前不能支用，可随时撤回",
        "{product} still has {amount} owed or on its way and closes once that is settled; until then it cannot be drawn, and the "
        "wish can be taken back",
    ),
    "solved_by": Text("解决办法：{steps}", "what solves it: {steps}"),
    "score": Text("内部信用评分 {before} → {after}（{points}）", "score {before} -> {after} ({points})"),
    "same_score": Text("内部信用评分不变：{after}", "score stays {after}"),
    "move": Text("{points} 分：{why}", "{points}: {why}"),
    "read": Text("{fact} {before} → {after}", "{fact} {before} -> {after}"),
    "tier": Text("客户等级 {before} → {after}", "tier {before} -> {after}"),
    "kind": Text("客户类型 {before} → {after}", "customer type {before} -> {after}"),
    "total_line": Text("政策测算的综合授信额度 {before}元 → {after}元", "total line by the policy {before} -> {after}"),
    "outcome": Text("「{product}」{before} → {after}", "{product}: {before} -> {after}"),
    "by_score": Text("评分变化所致", "because of the score"),
    "by_both": Text("其中评分不变时为：{same}", "had the score stayed: {same}"),
    "reopens": Text("「{product}」最早可再次申请：{day}", "{product} can be applied for again from {day}"),
    "late_wait": Text(
        "已有逾期，测算期间按不还款处理；请先还清到期应还款",
        "something is overdue already, so nothing is taken to be paid; repay what is due first",
    ),
    "late": Text("自 {day} 起逾期", "overdue since {day}"),
    "advise": Text("可查询改善建议，看看怎样能够通过", "ask for remedies to see what would turn this round"),
}
OUTCOME = {
    "approve": Text("可获{amount}元，{rate}", "up to {amount} at {rate}"),
    "refer": Text("须人工审批", "a person decides"),
    "decline": Text("暂不能办理", "not available"),
}
BINDS = Text("额度取决于：{why}", "what sets the limit: {why}")
COST = Text(
    "例：借{amount}元，{method}{months}期，{rate}，息费合计{cost}元",
    "for example {amount} over {months} months, {method}, {rate}: {cost} in all for interest and fees",
)
MOVED_OTHER = {
    "another_card": Text("适用另一张评分卡", "another scorecard applies"),
    "another_policy": Text("适用另一版策略", "another policy applies"),
    "scale": Text("评分上下限", "the ends of the scale"),
}
KINDS = {
    "consumer": Text("个人", "consumer"),
    "merchant": Text("商户", "merchant"),
    "company": Text("企业", "company"),
}
REPORTED = Text(
    "如您已授权报送征信、此后不再发生变动，{month}末报送的记录：{records}",
    "what would be reported to the credit bureau for {month}, if you agreed to reporting and nothing else happened: {records}",
)
RECORD = {
    "line": Text(
        "「{product}」额度账户，{status}，额度{limit}元，余额{balance}元",
        "{product}, line, {status}, limit {limit}, balance {balance}",
    ),
    "loan": Text("「{product}」借款，{status}，余额{balance}元", "{product}, loan, {status}, balance {balance}"),
}
STATUS = {
    "normal": Text("正常", "in order"),
    "overdue": Text("逾期", "overdue"),
    "settled": Text("已结清", "settled"),
    "written_off": Text("已核销", "written off"),
    "closed": Text("已关闭", "closed"),
}
ASSUMED = Text(
    "测算假定：外部数据（征信、收入、经营等）保持不变；支用当日到账；还款由您自有资金承担。",
    "Taken for granted: what others report of you (bureau, income, business) stays as it is; money that you draw is paid out the "
    "same day; repayments come from your own money.",
)
OWN_ASSUMPTION = Text(
    "「假定」的变化仅用于测算，请以真实情况为准，切勿提供不实信息。",
    "What is assumed is for this calculation only; what counts is what is true. Never report what is not.",
)
PROMISED = Text(
    "先批后关获批后，额度、利率和期限在有效期内有保证，除非列明的事项发生变化。",
    "Once the switch is approved beforehand, limit, rate and terms are guaranteed for its days, unless the facts that it names "
    "change.",
)
NOT_PROMISED = Text(
    "先关闭再申请没有保证：届时将重新评估，结果可能不同。如希望先有结果再关闭，可办理先批后关（{step}）。",
    "Closing first and applying afterwards is not guaranteed: it will be assessed anew and may end otherwise. To know before you "
    "close, ask for an approval beforehand ({step}).",
)
UNDONE = Text("以上均为模拟，未对您的账户作任何变更。", "All of this was imagined; nothing of your accounts was changed.")
COARSE = Text(
    "身份核验通过前，仅显示能否办理，不显示评分、额度和价格。",
    "Until your identity is proven only what is possible is shown, without score, limits and prices.",
)
