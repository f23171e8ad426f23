"""What the key ring and sealed data refuse. No text here ever holds a key or what was sealed."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class KeysMissing(Refusal):
    """There is no key file where one was expected."""

    en = "a key file: put it back, or name it in SHOUXIN_KEYS; without it no personal data can be read"
    zh = "须有密钥文件：请放回原处，或用 SHOUXIN_KEYS 指定；缺少密钥文件将无法读取任何个人信息"


class KeysReadableByOthers(Refusal):
    """A key file that somebody else than its owner can read or change."""

    en = "a key file of mode 0600: run chmod 600 on it, and make new keys if others may have read it"
    zh = "密钥文件权限须为 0600：请执行 chmod 600；若可能已被他人读取，请更换密钥"


class KeysUnreadable(Refusal):
    """A key file that does not have the shape of one."""

    en = "a key file as this program wrote it: {why}; restore it from its backup"
    zh = "须为本程序写出的密钥文件：{why}；请用备份恢复"


class KeysNotWritten(Refusal):
    """A key file that cannot be written; what stood there before is untouched."""

    en = "a place that can be written: {why}"
    zh = "密钥文件须可写入：{why}"


class KeysWouldBeLost(Refusal):
    """Writing a key ring over a file that holds keys which the ring lacks."""

    en = "a key ring with every key of the file: load it again and rotate that one"
    zh = "新密钥环须包含文件中的全部密钥：请重新加载后再轮换"


class MasterKeyUnknown(Refusal):
    """Data keys are wrapped by a master key that the key file does not have."""

    passing = True
    en = "the key file that holds this master key: SHOUXIN_KEYS names another one, or an old one was restored"
    zh = "密钥文件中须有该主密钥：SHOUXIN_KEYS 可能指向了别的文件，或恢复的是旧文件"


class SealBroken(Refusal):
    """Sealed data that were changed, or that were sealed for another place."""

    en = "data as they were sealed for this place: they were changed or moved; restore them from a backup"
    zh = "须为在此处加密的原始数据：数据已被改动或挪动，请用备份恢复"


class PersonErased(Refusal):
    """The personal data of this customer can never be read again."""

    en = "a customer whose personal data are still there: the key was destroyed"
    zh = "该客户的个人信息已删除，密钥已销毁，无法恢复"
