"""What is refused when a scorecard is exchanged as PMML. The field is where it stands, such as /PMML/Scorecard/@initialScore."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class PmmlTooLarge(Refusal):
    """A file beyond what a scorecard needs."""

    en = "at most {most} bytes: a scorecard is a page of points"
    zh = "最多 {most} 字节：评分卡只是一页分值"


class TooManyParts(Refusal):
    """More parts than any card could hold."""

    en = "at most {most}"
    zh = "最多 {most} 个"


class PmmlNotXml(Refusal):
    """Text that no XML parser accepts."""

    en = "well-formed XML: {why}"
    zh = "须为格式正确的 XML：{why}"


class DoctypeNotRead(Refusal):
    """A document type declaration, through which entities and other files come in."""

    en = "no DOCTYPE: entities are not expanded, and nothing is fetched"
    zh = "不得含 DOCTYPE：本程序不展开实体，也不读取外部内容"


class NotPmml(Refusal):
    """Another root element, or another version."""

    en = "the root is <PMML> of version 4.0 to 4.4, in the namespace http://www.dmg.org/PMML-4_x"
    zh = "根元素须为 <PMML>，版本 4.0 至 4.4，命名空间 http://www.dmg.org/PMML-4_x"


class PartNotRead(Refusal):
    """An element or an attribute that this reader does not understand, so that the score could be another."""

    en = "not understood here; what is read: {known}"
    zh = "本程序无法解读；可读取的有：{known}"


class PartAbsent(Refusal):
    """Something that must be there."""

    en = "{needed} is needed"
    zh = "缺少 {needed}"


class ValueNotRead(Refusal):
    """A value with a meaning that a card does not have."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class NumberNotRead(Refusal):
    """A value that is no number that a card can hold."""

    en = "a number of at most {whole} digits before the point and 17 after it"
    zh = "须为数值，整数部分最多 {whole} 位，小数部分最多 17 位"


class PointsNotWhole(Refusal):
    """Points with a fraction, or too many of them."""

    en = "a whole number from {low} to {high}: the points of a card are integers"
    zh = "须为 {low} 至 {high} 之间的整数：评分卡的分值均为整数"


class PointsNotFixed(Refusal):
    """Points that are worked out from the value."""

    en = "a fixed partialScore: a card has one number of points for each bin"
    zh = "须为固定的 partialScore：评分卡每一分箱只有一个分值"


class FieldsMixed(Refusal):
    """A characteristic that reads more than one field, or none."""

    en = "one field for a characteristic, as the standard has it; it reads {fields}"
    zh = "按标准，一个特征只能引用一个字段；此处引用了 {fields}"


class FieldNotDeclared(Refusal):
    """A field that the predicates read, and that is not an active input."""

    en = "an active MiningField with a DataField; there are {known}"
    zh = "须为已声明 DataField 的输入字段（active）；现有 {known}"


class ArrayNotRead(Refusal):
    """The text of an Array that cannot be cut into values."""

    en = '{count} values parted by spaces, in "double quotes" where a text has spaces'
    zh = "须为以空格分隔的 {count} 个取值，含空格的文本用英文双引号括起"


class CodeNotUsable(Refusal):
    """Reason codes that become the same code in a card."""

    en = "reason codes that differ in letters and digits; {other} becomes {code} as well"
    zh = "原因代码的字母和数字须互不相同；{other} 同样会变为 {code}"


class ScoresWouldDiffer(Refusal):
    """A scorecard that no card says exactly. `losses` and `losses_zh` tell each difference."""

    en = "a scorecard that a card can say exactly; a card would differ: {losses}"
    zh = "须为评分卡文件能够准确表达的内容；导入后的差异：{losses_zh}"


class CardInsideDiffers(Refusal):
    """A PMML file that holds the card it was written from, and whose elements say something else by now."""

    en = "the same as in the card inside (Extension name=card); to read the elements instead, delete that Extension"
    zh = "须与文件内嵌的评分卡（Extension name=card）一致；如以各元素为准，请删除该 Extension"


class NotInPmml(Refusal):
    """Something in a card that PMML has no place for and that decides."""

    en = "{right}"
    zh = "{right_zh}"
