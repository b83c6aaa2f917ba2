"""Every finding the product raises, declared once: outcome, titles, sentences, clause.

A sentence says what happened and what to do; where it was seen stands in the finding's row, field and
evidence. Templates take `{seen}`, `{expected}` and the parameters that the rule passes. Clause numbers
are those of the notice (沪人社职〔2025〕76号). `docs/findings.md` is written from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from reference.model import Candidate, Finding, Outcome, Place

REJECT, CORRECT, REVIEW, NOTE = Outcome.REJECT, Outcome.CORRECT, Outcome.REVIEW, Outcome.NOTE


@dataclass(frozen=True, slots=True)
class Kind:
    """The declaration of a finding code."""

    code: str
    outcome: Outcome
    title_zh: str
    title_en: str
    zh: str
    en: str
    clause: str | None = None
    sender_zh: str = ""
    """The sentence for the sender where `zh` speaks to staff: what is unclear, then, after ；请, what to do.
    It takes `{seen}` and `{expected}` alone: nothing else is stored with a finding."""


RECEIPT, TWO_FORMS, RECOMMENDER = "一(三)1", "一(三)2", "一(二)1"
FORM = "附件1"
FILL = {n: f"填表说明{n}" for n in range(1, 9)}

_DECLARED = (
    # The message
    Kind("window-closed", REJECT, "逾期或未到受理时间", "Outside the window",
         "收件时间为{seen_zh}，不在受理时间内（3月、6月、9月、12月的20日至30日），不予受理；请在下一受理期（{next_zh}）重新报送。",
         "Received at {seen}, outside the 20th to the 30th of March, June, September or December. "
         "Send it again in the next window, {expected}.", RECEIPT),
    Kind("received-time-unsure", REVIEW, "收件时间待核", "Time of receipt unsure",
         "邮件没有可用的 Received 信头，收件时间{seen}取自{expected}；请核对邮箱中的实际收件时间。",
         "No usable Received header; {seen} was taken from {expected}. Check the mailbox for the real time.",
         RECEIPT,
         sender_zh="邮件的收件时间（暂记为{seen}）尚待确认；请提供该邮件发送时间的证明（如发件箱截图）。"),
    Kind("no-form", NOTE, "邮件中没有推荐表", "No form in the message",
         "邮件未附推荐表或申报材料（如咨询、自动回复），已登记，无需评审。",
         "The message holds no form of either track (an inquiry, an auto-reply). Recorded."),
    Kind("message-seen", NOTE, "邮件重复", "Message seen before",
         "同一邮件已经收录（{expected}），本次见于{seen}，不再重复处理。",
         "The same message is already recorded ({expected}); seen again at {seen} and not processed twice."),
    Kind("resubmission", NOTE, "同期再次报送", "Sent again in the window",
         "该单位在本受理期内再次报送，以本次为准；此前的{seen}已作废留存。",
         "The unit sent again in this window: this one stands, {seen} is kept as superseded."),
    Kind("message-incomplete", CORRECT, "邮件不完整", "Message incomplete",
         "邮件“{seen}”不完整（{reason_zh}），已录可读部分；请将全部材料重新报送。",
         "The message '{seen}' is incomplete ({reason_en}); what can be read is recorded. Send all of it again."),
    # The files
    Kind("pdf-missing", CORRECT, "缺PDF版", "PDF missing",
         "未收到加盖公章的推荐表PDF电子版，请补交。",
         "The stamped form as PDF is absent. Send it.", TWO_FORMS),
    Kind("word-missing", CORRECT, "缺WORD版", "Word file missing",
         "未收到推荐表WORD电子版，请补交（.docx）。",
         "The form as a Word file is absent. Send it (.docx).", TWO_FORMS),
    Kind("file-unreadable", CORRECT, "文件无法读取", "File unreadable",
         "附件“{seen}”无法读取（{reason_zh}），请重新导出后再报送。",
         "'{seen}' cannot be read ({reason_en}). Export it afresh and send it again."),
    Kind("file-encrypted", CORRECT, "文件已加密", "File encrypted",
         "附件“{seen}”设有密码，请取消密码后重新报送。",
         "'{seen}' needs a password. Remove the password and send it again."),
    Kind("file-unsupported", CORRECT, "文件类型不支持", "File type not supported",
         "附件“{seen}”为{kind_zh}，系统不能读取；请改为报送{expected}。",
         "'{seen}' is {kind_en}, which is not read. Send {expected_en} instead."),
    Kind("file-over-limits", CORRECT, "文件超出读取限制", "File over the limits",
         "“{seen}”超出读取限制（{reason_zh}），未能读取；请将推荐表重新导出为普通的PDF和WORD文件（图像不超过600 dpi，不含其他嵌入内容）后再报送。",
         "'{seen}' is over the limits of reading ({reason_en}) and was not read. Export the form afresh as a plain PDF "
         "and Word file (pictures of 600 dpi at most, nothing embedded) and send them again."),
    Kind("archive-unsafe", CORRECT, "压缩包不安全", "Archive unsafe",
         "压缩包“{seen}”未予展开（{reason_zh}）；请将推荐表的PDF和WORD文件直接作为附件报送。",
         "The archive '{seen}' was not unpacked ({reason_en}). Attach the PDF and the Word file themselves."),
    Kind("form-not-found", CORRECT, "未找到推荐表表格", "Form not found",
         "附件“{seen}”中没有附件1的十栏表格；请使用通知所附的推荐表填写后报送。",
         "'{seen}' holds no table with the form's header. Fill in Annex 1 of the notice and send it.", FORM),
    Kind("column-missing", CORRECT, "缺少栏目", "Column missing",
         "表格缺少“{expected}”栏；请使用附件1原表，勿删改栏目。",
         "The table lacks the column {expected}. Use Annex 1 as it is, with its ten columns.", FORM),
    Kind("seal-missing", CORRECT, "未盖公章", "Seal missing",
         "附件“{seen}”未见红色公章；请加盖推荐单位公章后扫描为PDF报送。",
         "'{seen}' bears no red seal. Stamp the form with the unit's seal and send its scan.", TWO_FORMS),
    Kind("seal-unsure", REVIEW, "公章待核", "Seal unsure",
         "附件“{seen}”为黑白扫描件，或其中的红色印迹不能确认为公章；请核对原件。",
         "'{seen}' is a scan without colour, or its red ink may be no seal. Check the original.",
         TWO_FORMS,
         sender_zh="附件“{seen}”为黑白扫描件，或其中的红色印迹不能确认为公章；请重新报送加盖公章的彩色扫描件（PDF）。"),
    Kind("seal-unit-mismatch", REVIEW, "公章与推荐单位不符", "Seal is another unit's",
         "公章文字识别为“{seen}”，而推荐单位为“{expected}”；请核对原件。",
         "The seal reads '{seen}', the recommending unit is '{expected}'. Check the original.",
         TWO_FORMS,
         sender_zh="公章文字识别为“{seen}”，与所填推荐单位“{expected}”不一致；请核对推荐单位名称，加盖推荐单位公章后重新报送。"),
    Kind("pdf-word-mismatch", CORRECT, "PDF与WORD不一致", "PDF and Word differ",
         "{where}：PDF为“{seen}”，WORD为“{expected}”（{parts}）；暂按WORD记录，请核对后重新报送一致的两份文件。",
         "{where_en}: the PDF has '{seen}', the Word file '{expected}' ({parts}). The Word text is used; "
         "send both again, alike.", TWO_FORMS),
    Kind("ocr-unsure", REVIEW, "扫描件待人工核对", "Scan to be read by a person",
         "由图像识别为“{seen}”，未能确认{hint_zh}；请人工核对原件。",
         "'{seen}' was read from an image without certainty{hint_en}. Check the original.",
         sender_zh="扫描件中的“{seen}”未能清晰识别；请补交清晰的扫描件及内容一致的WORD版。"),
    # The form
    Kind("unit-missing", CORRECT, "推荐单位未填", "Recommending unit blank",
         "推荐单位为空，请填写单位全称并加盖公章。",
         "推荐单位 is blank. Fill in the unit's full name and stamp it.", FORM),
    Kind("unit-unknown", REVIEW, "推荐单位待核", "Recommending unit unknown",
         "“{seen}”不在推荐主体名单内（各区人力资源和社会保障局、市级行业主管部门）；请核定其是否可以推荐。",
         "'{seen}' is neither a district's human-resources bureau nor a listed municipal department. "
         "Decide whether it may recommend.", RECOMMENDER,
         sender_zh="“{seen}”不在推荐主体名单内（各区人力资源和社会保障局、市级行业主管部门）；"
         "请核对单位全称；非推荐主体的，请由行业主管部门或所在区人力资源和社会保障局归口推荐。"),
    Kind("contact-missing", CORRECT, "联系人未填", "Contact blank",
         "联系人为空，请补填。", "联系人 is blank. Fill it in.", FORM),
    Kind("phone-missing", CORRECT, "联系方式未填", "Phone blank",
         "联系方式为空，请补填手机号码或带区号的座机号码。",
         "联系方式 is blank. Give a mobile number or a landline with area code.", FORM),
    Kind("phone-invalid", CORRECT, "联系方式有误", "Phone invalid",
         "联系方式“{seen}”既不是手机号码，也不是带区号的座机号码，请更正。",
         "'{seen}' is neither a mainland mobile number nor a landline with area code. Correct it.", FORM),
    Kind("form-date-missing", CORRECT, "填表日期未填", "Date of the form blank",
         "表末日期为空或不完整，请补填年、月、日。",
         "The date under the table is blank or incomplete. Fill in year, month and day.", FORM),
    Kind("form-date-after-receipt", REVIEW, "填表日期晚于收件时间", "Dated after receipt",
         "填表日期{seen}晚于收件日期{expected}，请核定。",
         "The form is dated {seen}, after its receipt on {expected}. Decide.", FORM,
         sender_zh="填表日期{seen}晚于收件日期{expected}；请核对并更正填表日期。"),
    Kind("form-empty", CORRECT, "推荐表为空", "Form empty",
         "表格中没有填写任何职业（工种），请填写后报送。",
         "The table has no filled row. Fill it in and send it again.", FORM),
    Kind("priority-order", CORRECT, "序号不连续", "Priorities out of order",
         "序号应按优先级从1起连续编排，现为：{seen}；请更正为：{expected}。",
         "Priorities must run 1, 2, 3 … without gap or repeat; found {seen}, expected {expected}.", FILL[1]),
    # The row
    Kind("code-missing", CORRECT, "职业编码未填", "Code blank",
         "职业编码为空，请按《职业分类大典》（2022年版）填写{hint_zh}。",
         "The code is blank. Fill in the code of the 2022 Dictionary{hint_en}.", FILL[2]),
    Kind("code-normalised", NOTE, "职业编码已规范", "Code normalised",
         "职业编码“{seen}”已规范为{expected}。", "The code '{seen}' was written as {expected}.", FILL[2]),
    Kind("code-malformed", CORRECT, "职业编码格式有误", "Code malformed",
         "“{seen}”不是职业编码（如4-10-01-05），请按《职业分类大典》（2022年版）填写{hint_zh}。",
         "'{seen}' holds no occupation code such as 4-10-01-05. Fill in the code of the 2022 Dictionary{hint_en}.", FILL[2]),
    Kind("code-unknown", CORRECT, "职业编码不存在", "Code unknown",
         "职业编码{seen}不见于《职业分类大典》各版及其后公布的新职业，请核对{hint_zh}。",
         "The code {seen} is in no edition of the Dictionary, nor among the occupations announced since. "
         "Check it{hint_en}.", FILL[2]),
    Kind("code-legacy", CORRECT, "使用了旧版职业编码", "Code of an earlier edition",
         "{seen}是“{name}”在旧版大典中的编码，2022年版编码为{expected}，请更正。",
         "{seen} is the earlier editions' code for {name}; the 2022 code is {expected}. Correct it.", FILL[2]),
    Kind("code-name-mismatch", CORRECT, "编码与职业不符", "Code and name disagree",
         "职业编码{code}对应“{code_name}”，而所填职业“{name}”{name_zh}；请核对后更正。",
         "The code {code} belongs to {code_name}, but {name} {name_en}. Correct one of them.",
         FILL[2]),
    Kind("name-missing", CORRECT, "职业名称未填", "Name blank",
         "职业名称为空，请填写{hint_zh}。", "The occupation's name is blank. Fill it in{hint_en}.", FILL[2]),
    Kind("name-corrected", NOTE, "职业名称已更正", "Name corrected",
         "职业名称“{seen}”与编码相符的写法是“{expected}”，已按此记录。",
         "The name '{seen}' was read as {expected}, with which the code agrees.", FILL[2]),
    Kind("name-ambiguous", REVIEW, "职业名称待核", "Name ambiguous",
         "“{seen}”与多个职业相近，且无编码可以判定：{expected}；请核定。",
         "'{seen}' is near to several occupations and no code settles it: {expected}. Decide.", FILL[2],
         sender_zh="“{seen}”与多个职业相近，且无编码可以判定：{expected}；请按《职业分类大典》（2022年版）填写准确的职业名称和编码。"),
    Kind("occupation-unknown", CORRECT, "职业无法确认", "Occupation unknown",
         "由编码和名称（{seen}）均查不到职业；请按《职业分类大典》（2022年版）及其后公布的新职业填写。",
         "Neither code nor name ({seen}) leads to an occupation. Use the 2022 Dictionary and the "
         "occupations announced since.", FILL[2]),
    Kind("work-type-unknown", REVIEW, "工种待核", "Work type unknown",
         "“{seen}”不在已知的“{name}”工种之内（系统所存工种不全）；请对照《职业分类大典》核定。",
         "'{seen}' is not among the known work types of {name} (the list is partial). Check the Dictionary.", FILL[2],
         sender_zh="未查到所填职业下有“{seen}”这一工种；请对照《职业分类大典》（2022年版）更正，或说明该工种的出处。"),
    Kind("work-type-elsewhere", CORRECT, "工种不属于该职业", "Work type of another occupation",
         "工种“{seen}”属于{expected}，不属于“{name}”；请更正职业或工种。",
         "The work type '{seen}' belongs to {expected}, not to {name}. Correct one of them.", FILL[2]),
    Kind("work-type-not-needed", NOTE, "工种无需填写", "Work type not needed",
         "工种栏“{seen}”与职业重复或涵盖整个职业，按职业“{name}”申报，工种栏无需填写。",
         "'{seen}' repeats or covers the occupation; the row is taken for {name} as a whole.", FILL[2]),
    Kind("not-skilled", REJECT, "非技能类职业", "Not a skilled occupation",
         "{seen}属第{group}大类，不是技能类职业，不在征集范围。",
         "{seen} belongs to major group {group}, which holds no skilled occupations.", "一(一)1"),
    Kind("licensed-occupation", REJECT, "准入类职业资格", "Licensed occupation",
         "{seen}属国家职业资格目录准入类（第{item}项“{licence}”），不纳入申报范围。",
         "{seen} is governed by an entry licence (item {item} of the national catalogue, {licence}).", "一(一)1"),
    Kind("standard-not-issued", REJECT, "未颁布国家职业标准", "No national standard",
         "{seen}尚未颁布国家职业标准，不在征集范围。",
         "No national occupational standard is listed for {seen}.", "一(一)1"),
    Kind("standard-name-missing", CORRECT, "标准名称未填", "Standard's name blank",
         "国家职业标准名称为空，请填写{hint_zh}。",
         "The national standard's name is blank. Fill it in{hint_en}.", FILL[3]),
    Kind("standard-version-missing", CORRECT, "标准版本未填", "Standard's version blank",
         "国家职业标准版本为空，请填写{hint_zh}。",
         "The national standard's version is blank. Fill it in{hint_en}.", FILL[3]),
    Kind("standard-name-mismatch", CORRECT, "标准名称不符", "Standard of another occupation",
         "所填标准“{seen}”不是{name}的国家职业标准；请更正为“{expected}”。",
         "'{seen}' is not the standard of {name}. Correct it to {expected}.", FILL[3]),
    Kind("standard-version-outdated", CORRECT, "标准版本已过期", "Earlier version",
         "所填版本{seen}早于现行的{expected}，请按现行标准更正。",
         "The stated version {seen} is earlier than the one in force, {expected}. Correct it.", FILL[3]),
    Kind("standard-version-unknown", CORRECT, "标准版本不存在", "Version never issued",
         "所填版本“{seen}”查无此版，现行为{expected}，请更正。",
         "No version '{seen}' is listed; in force is {expected}. Correct it.", FILL[3]),
    Kind("shortage-flag-missing", CORRECT, "急需紧缺未填", "Shortage flag blank",
         "“是否已纳入急需紧缺职业目录”为空，请填“是”或“否”。",
         "The shortage flag is blank. Write 是 or 否.", FILL[4]),
    Kind("shortage-flag-invalid", CORRECT, "急需紧缺填写有误", "Shortage flag invalid",
         "“{seen}”既不是“是”也不是“否”，请更正。", "'{seen}' is neither 是 nor 否. Correct it.", FILL[4]),
    Kind("shortage-flag-wrong", CORRECT, "急需紧缺与目录不符", "Shortage flag wrong",
         "急需紧缺职业目录（{edition}）{listed_zh}该职业，应填“{expected}”，所填为“{seen}”，请更正。",
         "The shortage catalogue ({edition}) {listed_en} this occupation: write {expected} instead of {seen}.", FILL[4]),
    Kind("shortage-flag-not-checked", NOTE, "急需紧缺未核对", "Shortage flag not checked",
         "系统未导入急需紧缺职业目录，本栏（{seen}）未经核对。",
         "No shortage catalogue is loaded; the flag ({seen}) was not checked.", FILL[4]),
    Kind("industry-missing", CORRECT, "产业类别未填", "Industries blank",
         "产业类别为空，请按产业标签填写，多个用“、”隔开。",
         "The industries are blank. Use the notice's labels, separated by 、.", FILL[5]),
    Kind("industry-normalised", NOTE, "产业类别已规范", "Industries normalised",
         "产业类别“{seen}”已规范为“{expected}”。", "The industries '{seen}' were written as {expected}.",
         FILL[5]),
    Kind("industry-other", NOTE, "其他产业", "Another industry",
         "“{seen}”不在十一个产业标签内，按“其他产业”照录。",
         "'{seen}' is outside the eleven labels and kept as another industry, as the notice allows.", FILL[5]),
    Kind("demand-missing", CORRECT, "预计评价人次未填", "Demand blank",
         "预计评价人次为空，请填写三年内预计评价的人次（正整数）。",
         "The expected number of candidates is blank. Give a positive whole number for three years.", FILL[6]),
    Kind("demand-invalid", CORRECT, "预计评价人次有误", "Demand invalid",
         "“{seen}”不是一个正整数，请填写三年内预计评价的人次。",
         "'{seen}' is not a positive whole number. Give the number expected in three years.", FILL[6]),
    Kind("demand-implausible", REVIEW, "预计评价人次异常", "Demand implausible",
         "预计评价人次{seen}与本表其他职业（中位数{expected}）相差悬殊，请核定。",
         "A demand of {seen} is far outside the form's others (median {expected}). Decide.", FILL[6],
         sender_zh="预计评价人次“{seen}”明显偏离一般规模；请核对，有误的请更正，无误的请说明测算依据。"),
    Kind("reason-missing", CORRECT, "推荐理由未填", "Reason blank",
         "推荐理由为空，请简述文件依据、行业规划或调研情况。",
         "The reason is blank. Name a document, a plan or a survey.", FILL[7]),
    Kind("catalogue-duplicate", REJECT, "已在目录内", "Catalogued already",
         "{seen}已在征集遴选职业（工种）目录内（附件2第{items}项），无需重复推荐。",
         "{seen} stands in the catalogue already (Annex 2, item {items}).", FILL[8]),
    Kind("catalogue-overlap", REVIEW, "与目录部分重合", "Overlaps the catalogue",
         "{seen}：{why_zh}（附件2第{items}项），请核定是否重复。",
         "{seen}: {why_en} (Annex 2, item {items}). Decide whether it repeats.", FILL[8],
         sender_zh="{seen}与征集遴选职业（工种）目录（附件2）有重合；请核对是否重复推荐，不重复的请说明理由。"),
    Kind("form-duplicate", CORRECT, "表内重复", "Twice in one form",
         "{seen}与第{other}行重复，请删去一行并重排序号。",
         "{seen} repeats row {other}. Delete one of them and number the rows again."),
    Kind("also-recommended", NOTE, "另有单位推荐", "Also recommended by others",
         "{seen}在本受理期内另由{expected}推荐。",
         "{seen} is recommended in this window by {expected} too."),
    Kind("already-recommended", NOTE, "往期已推荐", "Recommended earlier",
         "{seen}往期已有推荐：{expected}。",
         "{seen} was recommended in an earlier window: {expected}."),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in _DECLARED}
"""Every declared code, in the order in which reports list them."""


def offered(*values: str | None) -> tuple[Candidate, ...]:
    """Texts that a cell may have, to take by key; blank ones and repetitions are left out."""
    told = tuple(dict.fromkeys(value for value in values if value and value.strip()))
    return tuple(Candidate(name=value, score=1 / len(told)) for value in told)


def finding(
    code: str,
    /,
    *,
    field: str | None = None,
    row_no: int | None = None,
    seen: str | None = None,
    expected: str | None = None,
    candidates: tuple[Candidate, ...] = (),
    evidence: Place | None = None,
    **words: str,
) -> Finding:
    """A finding of a declared code; `words` fill the sentences beside `seen` and `expected`.

    Raises:
        KeyError: the code is not declared, or a sentence wants a word that was not given.
    """
    kind = KINDS[code]
    filling = {"seen": seen or "", "expected": expected or "", **words}
    return Finding(
        code=code,
        outcome=kind.outcome,
        field=field,
        row_no=row_no,
        seen=seen,
        expected=expected,
        candidates=candidates,
        message_zh=kind.zh.format(**filling),
        message_en=kind.en.format(**filling),
        clause=kind.clause,
        evidence=evidence,
    )
