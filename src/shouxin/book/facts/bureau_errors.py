"""How asking a bureau fails, each with a name of its own; the code is kept with the enquiry, and the asking ends as `failed`."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class BureauFailure(Refusal):
    """What an adapter or the reading of a reply raises; `pull` makes of it an enquiry that failed."""

    en = "a reply of the bureau"
    zh = "须取得征信机构的回复"


class BureauUnreachable(BureauFailure):
    """Nobody answered."""

    en = "a bureau that can be reached: {why}"
    zh = "须能连接征信机构：{why}"


class BureauLate(BureauFailure):
    """The reply was not there in time."""

    en = "a whole reply within {seconds} seconds"
    zh = "须在 {seconds} 秒内收到完整回复"


class BureauRefused(BureauFailure):
    """Another status than 200."""

    en = "an answer with status 200"
    zh = "须返回状态 200"


class BureauReplyHuge(BureauFailure):
    """A reply that is larger than a report can be."""

    en = "a reply of at most {most} bytes"
    zh = "回复不得超过 {most} 字节"


class BureauReplyMissing(BureauFailure):
    """The batch has no reply about this person."""

    en = "a reply about this person in the folder"
    zh = "回复文件夹中须有此人的回复"


class BureauReplyMalformed(BureauFailure):
    """No JSON, or not of the documented form."""

    en = "JSON as docs/reference/bureau.md describes it: {right}"
    zh = "须为 docs/reference/bureau.md 所述格式的 JSON：{right}"


class BureauReplyNotFinite(BureauFailure):
    """NaN or Infinity, which are no JSON."""

    en = "finite numbers"
    zh = "数值须为有限数"


class BureauReplyAboutAnother(BureauFailure):
    """A reply about another person, or to another enquiry."""

    en = "a reply about the person who was asked about"
    zh = "回复须与被查询人一致"


class BureauReplyFromLater(BureauFailure):
    """A report of a day that has not come."""

    en = "a report of {today} or earlier"
    zh = "报告日期不得晚于 {today}"


class BureauFactUnknown(BureauFailure):
    """A fact that the catalogue does not have from this source."""

    en = "facts of the source {source}: {known}"
    zh = "须为来源 {source} 的变量：{known}"


class BureauFactUnusable(BureauFailure):
    """A value that the catalogue cannot take. The value itself is personal, so it is not told."""

    en = "{right}"
    zh = "须符合变量目录：{right}"


class BureauAdapterBroke(BureauFailure):
    """An adapter raised something of its own."""

    en = "an adapter that raises a BureauFailure where it fails"
    zh = "适配器出错时须抛出 BureauFailure"


class SourceWithoutStatus(Refusal):
    """A bundle whose catalogue does not say how asking the bureau ended."""

    en = "a bundle whose source {source} has a status with the words {words} and an observed day"
    zh = "策略包的来源 {source} 须有 status（含 {words}）和 observed"
