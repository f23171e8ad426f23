"""What is refused when snapshots are recorded and files of facts are loaded."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class ObservedLater(Refusal):
    """A snapshot of a day that has not come."""

    en = "{today} or earlier: nothing is known of days to come"
    zh = "不得晚于 {today}：不能登记未来日期的数据"


class SourceConsentMissing(Refusal):
    """A source that may only be asked where the customer agreed, and they did not."""

    en = "a source that the customer agreed to on {day}: there is no consent of purpose {purpose} that counts on that day"
    zh = "客户在 {day} 没有有效的“{purpose}”授权，不得取得该来源的数据"


class SourceUnknown(Refusal):
    """A source that the catalogue does not have."""

    en = "one of the sources of the bundle's facts.yaml: {known}"
    zh = "须为策略包 facts.yaml 中的数据来源：{known}"


class SourceOfOurOwn(Refusal):
    """Facts from outside about what our own books hold."""

    en = "a source outside: what our own books say is worked out from them"
    zh = "须为外部来源：本机构账户记录由系统自行计算，不能导入"
