"""What must hold between the tables: each check a query that gives a row for every place where it does not.

A gap's sentence says what is wrong, where, and what to do; `{…}` are columns of the query's row. The queries
are put together of constants of this package alone.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outputs.papers.labels import FILE_STATES, STATES
from reference.findings import KINDS
from reference.model import Outcome, Status

AGAIN_ZH = "请用同一邮箱导出再运行一次 zhengji run。"
AGAIN_EN = "Run `zhengji run` once more over the same export."
RESTORE_ZH = "请用 zhengji restore 恢复最近一次备份。"
RESTORE_EN = "Restore the last backup (`zhengji restore`)."
ROLES = (
    "word-form",
    "pdf-form",
    "further-version",
    "archive",
    "message",
    "body-image",
    "corrected",
    "other",
)
"""Every role that a file may have."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, under the name by which its gaps go."""

    name: str
    sql: str
    zh: str
    en: str


def _listed(values: Iterable[object]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


_STATUS_OF_OUTCOME = {
    Outcome.REJECT: Status.REJECTED,
    Outcome.CORRECT: Status.NEEDS_CORRECTION,
    Outcome.REVIEW: Status.NEEDS_REVIEW,
}


def _worst(counted: str) -> str:
    """The status that the worst of the findings under a condition gives."""
    cases = " ".join(
        f"when bool_or(f.outcome = '{outcome}' and {counted}) then '{status}'"
        for outcome, status in _STATUS_OF_OUTCOME.items()
    )
    return f"case {cases} else '{Status.ACCEPTED}' end"


_COUNTS = "f.state in ('open', 'upheld')"
_OF_FORM = f"f.row_no is null and {_COUNTS}"
_OF_FORM_ALONE = f"{_OF_FORM} and f.scope = 'own'"
_TWINS = """
with sent as (
    select m.message_id, m.header_message_id, m.source, list(f.file_id order by f.file_id) as digests
    from messages m join files f using (message_id)
    where f.submission_id is null and m.header_message_id is not null
        and m.message_id in (select message_id from submissions)
    group by all
)
select b.source as name, a.source as other from sent a join sent b
    using (header_message_id, digests) where a.message_id < b.message_id
"""
_CHAIN = """
with recursive chain as (
    select submission_id as origin, superseded_by as newer, 1 as steps from submissions
        where superseded_by is not null
    union all
    select c.origin, s.superseded_by, c.steps + 1 from chain c
        join submissions s on s.submission_id = c.newer
        where s.superseded_by is not null and c.steps < 1000 and c.newer <> c.origin
)
select distinct origin as name from chain where newer = origin or steps >= 1000
"""

_FINDINGS_COUNTED = """
with last as (
    select message_id, submission_id, scope, max(position) filter (where state <> 'corrected') as position
    from findings group by all
)
select coalesce(f.submission_id, any_value(m.source), f.message_id) as name
from findings f left join messages m using (message_id)
join last on last.message_id = f.message_id and last.submission_id is not distinct from f.submission_id
    and last.scope = f.scope and f.position <= last.position
group by f.message_id, f.submission_id, f.scope, last.position
having count(distinct f.position) <> last.position + 1
"""
"""What a decision mended keeps the place that it had before, so that it may stand beyond the last."""

CHECKS: tuple[Check, ...] = (
    Check(
        "message-unfinished",
        "select source as name from messages where completed_at is null",
        f"邮件“{{name}}”没有收录完整。{AGAIN_ZH}",
        f"the message '{{name}}' was not stored to its end. {AGAIN_EN}",
    ),
    Check(
        "message-faulted",
        "select source as name from messages where fault is not null",
        f"处理邮件“{{name}}”时程序出错，其中的推荐表尚未核对。{AGAIN_ZH}",
        f"the program failed on the message '{{name}}'; what it holds is not judged. {AGAIN_EN}",
    ),
    Check(
        "message-unexplained",
        "select source as name from messages m where completed_at is not null and fault is null"
        " and message_id not in (select message_id from erasures)"
        " and not exists (from submissions s where s.message_id = m.message_id)"
        " and not exists (from findings f where f.message_id = m.message_id and f.submission_id is null)",
        f"邮件“{{name}}”既没有推荐表，也没有说明原因的提示。{RESTORE_ZH}",
        f"the message '{{name}}' has neither a submission nor a note that says why. {RESTORE_EN}",
    ),
    Check(
        "message-unerased",
        "select m.source as name from messages m join erasures using (message_id)"
        " where m.body <> '' or m.sender is not null or m.subject is not null or exists (from submissions s"
        " where s.message_id = m.message_id and (s.contact is not null or s.phone is not null))",
        f"邮件“{{name}}”已登记清除，但其中的个人信息仍在。{RESTORE_ZH}",
        f"the message '{{name}}' was erased, but personal data of it are there. {RESTORE_EN}",
    ),
    Check(
        "message-twice",
        _TWINS,
        "邮件“{name}”与“{other}”是同一封，推荐表被计了两次。请人工核对，只保留一份有效。",
        "the messages '{name}' and '{other}' are one and its submissions count twice. Let one of them stand.",
    ),
    Check(
        "sighting-orphan",
        "select source as name from sightings where message_id not in (select message_id from messages)",
        f"“{{name}}”记为重复邮件，但所指的邮件不在数据库中。{RESTORE_ZH}",
        f"'{{name}}' is noted as a copy of a message that is not there. {RESTORE_EN}",
    ),
    Check(
        "file-orphan",
        "select coalesce(f.name, f.file_id[:12]) as name from files f"
        " where f.message_id not in (select message_id from messages)"
        " or (f.submission_id is not null"
        " and f.submission_id not in (select submission_id from submissions))",
        f"文件“{{name}}”所属的邮件或推荐表不在数据库中。{RESTORE_ZH}",
        f"the file '{{name}}' belongs to a message or submission that is not there. {RESTORE_EN}",
    ),
    Check(
        "file-missing",
        "select m.source as name, max(f.position) + 1 as told, count(distinct f.position) as found"
        " from files f join messages m using (message_id)"
        " group by m.source, f.message_id, f.submission_id,"
        " case when f.submission_id is not null then f.run_id end"
        " having max(f.position) + 1 <> count(distinct f.position)",
        f"邮件“{{name}}”的文件清单有缺号（应有{{told}}个，只有{{found}}个）。{RESTORE_ZH}",
        f"the list of files of the message '{{name}}' has a gap ({{found}} of {{told}}). {RESTORE_EN}",
    ),
    Check(
        "file-unstated",
        f"select coalesce(name, file_id[:12]) as name, role, state from files"
        f" where role not in {_listed(ROLES)} or state not in {_listed(FILE_STATES)}",
        f"文件“{{name}}”的作用或状态不明（{{role}}、{{state}}）。{RESTORE_ZH}",
        f"the file '{{name}}' has no known role and state ({{role}}, {{state}}). {RESTORE_EN}",
    ),
    Check(
        "submission-orphan",
        "select submission_id as name from submissions"
        " where message_id not in (select message_id from messages)",
        f"推荐表{{name}}的来件不在数据库中。{RESTORE_ZH}",
        f"the message of submission {{name}} is not there. {RESTORE_EN}",
    ),
    Check(
        "submission-file",
        "select s.submission_id as name, s.file_id[:12] as file from"
        " (select submission_id, message_id, unnest(file_ids) as file_id from submissions) s"
        " anti join files f using (message_id, file_id)",
        f"推荐表{{name}}依据的文件 {{file}} 没有登记。{RESTORE_ZH}",
        f"the file {{file}}, by which submission {{name}} was judged, is not listed. {RESTORE_EN}",
    ),
    Check(
        "submission-empty",
        "select submission_id as name from submissions s where len(file_ids) = 0 or ("
        " not exists (from recommendations r where r.submission_id = s.submission_id)"
        " and not exists (from findings f where f.submission_id = s.submission_id and f.row_no is null))",
        f"推荐表{{name}}没有任何一行，也没有说明原因。{RESTORE_ZH}",
        f"submission {{name}} has no row and nothing says why. {RESTORE_EN}",
    ),
    Check(
        "submission-chain",
        "select s.submission_id as name from submissions s where superseded_by is not null"
        f" and superseded_by not in (select submission_id from submissions) union all ({_CHAIN})",
        f"推荐表{{name}}的取代关系没有终点：取代它的推荐表不存在，或互相取代。{RESTORE_ZH}",
        f"what took the place of submission {{name}} does not exist, or leads back to it. {RESTORE_EN}",
    ),
    Check(
        "submission-earlier",
        "select base as name, count(*) as found, max(number) as told from (select"
        " split_part(submission_id, '~', 1) as base, try_cast(split_part(submission_id, '~', 2) as int)"
        " as number from submissions where contains(submission_id, '~')) group by base"
        " having count(*) <> max(number) or base not in (select submission_id from submissions)",
        f"推荐表{{name}}的先前结果有缺失（应有{{told}}份，只有{{found}}份，或现行结果不在）。{RESTORE_ZH}",
        f"of submission {{name}} an earlier result, or the present one, is gone ({{found}} of {{told}})."
        f" {RESTORE_EN}",
    ),
    Check(
        "submission-status",
        f"select name, status, own as told from (select s.submission_id as name, s.status,"
        f" {_worst(_OF_FORM)} as whole, {_worst(_OF_FORM_ALONE)} as own"
        " from submissions s left join findings f using (submission_id) group by all)"
        f" where (status not in (whole, own) and not contains(name, '~')) or status not in {_listed(Status)}",
        "推荐表{name}的状态（{status}）与其问题（{told}）不符。请运行 zhengji rerun {name}。",
        "submission {name} is {status}, its findings say {told}. Run `zhengji rerun {name}`.",
    ),
    Check(
        "row-orphan",
        "select submission_id as name, count(*) as found from recommendations"
        " where submission_id not in (select submission_id from submissions) group by submission_id",
        f"有{{found}}行属于不存在的推荐表{{name}}。{RESTORE_ZH}",
        f"{{found}} rows belong to submission {{name}}, which is not there. {RESTORE_EN}",
    ),
    Check(
        "row-missing",
        "select submission_id as name, max(row_no) as told, count(*) as found from recommendations"
        " group by submission_id having max(row_no) <> count(*) or min(row_no) <> 1",
        f"推荐表{{name}}缺行（应有{{told}}行，只有{{found}}行）。{RESTORE_ZH}",
        f"submission {{name}} lacks a row ({{found}} of {{told}}). {RESTORE_EN}",
    ),
    Check(
        "row-status",
        f"select name, row_no, status, told from (select r.submission_id as name, r.row_no, r.status,"
        f" {_worst(_COUNTS)} as told from recommendations r"
        " left join findings f using (submission_id, row_no) group by all)"
        " where status <> told and not contains(name, '~')",
        "推荐表{name}第{row_no}行的状态（{status}）与其问题（{told}）不符。请运行 zhengji rerun {name}。",
        "row {row_no} of submission {name} is {status}, its findings say {told}. Run `zhengji rerun {name}`.",
    ),
    Check(
        "finding-orphan",
        "select finding_id as name, code from findings where message_id not in"
        " (select message_id from messages) or (submission_id is not null and submission_id not in"
        " (select submission_id from submissions))",
        f"问题{{name}}（{{code}}）所属的邮件或推荐表不在数据库中。{RESTORE_ZH}",
        f"the finding {{name}} ({{code}}) belongs to a message or submission that is not there. {RESTORE_EN}",
    ),
    Check(
        "finding-row",
        "select f.finding_id as name, f.code, f.submission_id as owner, f.row_no from findings f"
        " anti join recommendations r using (submission_id, row_no)"
        " where f.submission_id is not null and f.row_no is not null",
        f"问题{{name}}（{{code}}）所指的第{{row_no}}行不在推荐表{{owner}}中。{RESTORE_ZH}",
        f"the finding {{name}} ({{code}}) is about row {{row_no}}, which submission {{owner}} lacks."
        f" {RESTORE_EN}",
    ),
    Check(
        "finding-missing",
        _FINDINGS_COUNTED,
        f"{{name}}的问题清单有缺号。{RESTORE_ZH}",
        f"the list of findings of {{name}} has a gap. {RESTORE_EN}",
    ),
    Check(
        "finding-undeclared",
        f"select finding_id as name, code, outcome, state from findings where code not in {_listed(KINDS)}"
        f" or outcome not in {_listed(Outcome)} or state not in {_listed(STATES)}",
        "问题{name}的代码、结果或状态不明（{code}、{outcome}、{state}）。请更新程序。",
        "the finding {name} has an unknown code, outcome or state ({code}, {outcome}, {state})."
        " Update zhengji.",
    ),
    Check(
        "decision-orphan",
        "select decision_id as name, coalesce(submission_id, '') as owner from decisions"
        " where submission_id is null or submission_id not in (select submission_id from submissions)",
        f"处理记录{{name}}所属的推荐表{{owner}}不在数据库中。{RESTORE_ZH}",
        f"the decision {{name}} is about submission {{owner}}, which is not there. {RESTORE_EN}",
    ),
    Check(
        "decision-undone",
        "select d.decision_id as name, d.value from decisions d where action in ('undo', 'withdraw')"
        " and not exists (from decisions e where e.decision_id = d.value"
        " and e.submission_id = d.submission_id)",
        f"处理记录{{name}}撤销的记录{{value}}不存在。{RESTORE_ZH}",
        f"the decision {{name}} takes back {{value}}, which is not there. {RESTORE_EN}",
    ),
    Check(
        "step-orphan",
        "select submission_id as name, step from steps"
        " where submission_id not in (select submission_id from submissions)",
        f"后续步骤“{{step}}”所属的推荐表{{name}}不在数据库中。{RESTORE_ZH}",
        f"the step '{{step}}' belongs to submission {{name}}, which is not there. {RESTORE_EN}",
    ),
)
