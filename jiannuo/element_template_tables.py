"""What a modeller is offered: our properties of elements, and the jobs of service tasks with what each reads.

The tables are held to the code and to the models of policies/ by a test; the templates are written from them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Offered:
    """A ``jiannuo:`` property. ``group`` is where the panel shows it; ``feel``: whether its value may begin with =."""

    label: str
    description: str
    group: str
    feel: bool = True


PROPERTIES: dict[str, Offered] = {
    "acts": Offered("可作的动作", "动作代码，以空格隔开；表单和按钮按它们显示", "work", feel=False),
    "form": Offered("表单", "动作所用表单的标识；不写时用第一个动作的同名表单", "work", feel=False),
    "candidates": Offered("谁可以作", "FEEL 列表，每项为 岗位@单位；每次查看时按案件变量判断", "work"),
    "when": Offered("何时可以作", "FEEL 条件；每次查看时按案件变量判断", "work"),
    "matches": Offered("限于哪一项", "FEEL 上下文；所交内容须与其一致", "work"),
    "within": Offered("须在此期限内作", "期限名称；逾期不予受理，并说明日期和依据", "work", feel=False),
    "role": Offered("办理岗位", "给人看的岗位代码；真正的分派写在候选组", "work", feel=False),
    "basis": Offered("依据", "文件和条款，例如 BF-18", "work", feel=False),
    "stage": Offered("进入环节", "到达本元素时案件进入的环节代码", "place", feel=False),
    "stageName": Offered("环节名称", "时限统计所用的环节名称", "place", feel=False),
    "status": Offered("案件状态", "到达本元素时案件的状态代码", "place", feel=False),
    "orderState": Offered("督办状态", "到达本元素时督办单的状态代码", "place", feel=False),
    "letter": Offered("文书", "文书种类的名称", "place", feel=False),
    "letterStep": Offered("文书步骤", "draft、review 或 issue", "place", feel=False),
    "deadline": Offered("本元素的期限", "期限名称；进入时起算，完成时结束", "deadline"),
    "startsDeadline": Offered("起算期限", "期限名称；由所在范围持有", "deadline"),
    "deadlineScope": Offered("期限属于", "process 表示属于整个流程，不写则属于所在的子流程", "deadline", feel=False),
    "deadlineFrom": Offered("起算事实", "FEEL 上下文，事实名到时点；不写则从进入时起算", "deadline"),
    "deadlineLimit": Offered("另定的期限", "机关在规定幅度内确定的期限，例如 45d、10wd", "deadline"),
    "endsDeadline": Offered("结束期限", "期限名称；完成时视为已在期限内办结", "deadline"),
    "cancelsDeadline": Offered("取消期限", "期限名称；完成时不再计算", "deadline"),
    "pausesDeadline": Offered("中止期限", "期限名称；本元素办理期间不计算", "deadline"),
    "extendsDeadline": Offered("延长期限", "期限名称", "deadline"),
    "extendBy": Offered("延长多少", "例如 30d", "deadline"),
    "extendReason": Offered("延长的理由", "写入期限的变更记录", "deadline"),
    "timeZone": Offered("时区", "例如 Asia/Shanghai；写在流程上", "process", feel=False),
    "timeToLive": Offered("消息保留多久", "例如 PT2H、P3D；这段时间内没有流程接收即过期，不写则保留24小时", "place"),
    "discretionary": Offered("自由裁量", "true 表示其中的活动由人决定是否启动", "work", feel=False),
}
GROUPS: dict[str, str] = {
    "work": "办理", "place": "环节与状态", "deadline": "期限", "process": "流程", "inputs": "输入",
}  # fmt: skip

_CLOCKS = ("deadline", "startsDeadline", "deadlineScope", "deadlineFrom", "deadlineLimit", "endsDeadline",
           "cancelsDeadline", "pausesDeadline", "extendsDeadline", "extendBy", "extendReason")  # fmt: skip
_PLACES = ("stage", "status", "orderState")
_OFFER = ("acts", "form", "candidates", "when", "matches", "within", "role", "basis")


@dataclass(frozen=True)
class Kind:
    """One template: for which elements, with which properties. ``event``: the event definition that it needs."""

    id: str
    name: str
    description: str
    element: str
    properties: tuple[str, ...]
    event: str | None = None


KINDS: tuple[Kind, ...] = (
    Kind("user-task", "践诺·办理任务", "由人办理：表单、分派、到期和动作", "bpmn:UserTask",
         ("acts", "matches", "letterStep", "role", "basis", *_PLACES, *_CLOCKS)),
    Kind("stage", "践诺·办理环节", "一段有期限的办理过程", "bpmn:SubProcess",
         ("role", "basis", "stage", "stageName", "status", *_CLOCKS)),
    Kind("choice-of-acts", "践诺·自由裁量", "其中的活动由人决定是否启动", "bpmn:AdHocSubProcess",
         ("discretionary", "role", "basis", *_PLACES, *_CLOCKS)),
    Kind("decision", "践诺·规则判断", "由决策表判断", "bpmn:BusinessRuleTask", ("role", "basis", *_PLACES, *_CLOCKS)),
    Kind("call", "践诺·调用流程", "调用另一流程，例如 letter（发文书）", "bpmn:CallActivity",
         ("letter", "role", "basis", *_PLACES, *_CLOCKS)),
    Kind("milestone", "践诺·里程碑", "到达时改变环节、状态或期限", "bpmn:IntermediateThrowEvent",
         ("role", "basis", *_PLACES, *_CLOCKS)),
    Kind("message-thrown", "践诺·发出消息", "发给其他流程的消息：保留多久", "bpmn:IntermediateThrowEvent",
         ("timeToLive", "role", "basis", *_PLACES, *_CLOCKS), "bpmn:MessageEventDefinition"),
    Kind("act-any-time", "践诺·随时可作的动作", "事件子流程的消息开始：办理期间可作的动作", "bpmn:StartEvent", _OFFER,
         "bpmn:MessageEventDefinition"),
    Kind("act-on-task", "践诺·环节内可作的动作", "挂在环节上的消息：可打断或不打断", "bpmn:BoundaryEvent", _OFFER,
         "bpmn:MessageEventDefinition"),
    Kind("act-waited-for", "践诺·等待动作", "流程停在这里，等人作出动作", "bpmn:IntermediateCatchEvent", _OFFER,
         "bpmn:MessageEventDefinition"),
)  # fmt: skip

# Job type → name, and what it reads from its input mappings.
JOBS: dict[str, tuple[str, tuple[str, ...]]] = {
    "case.answer": ("告知申请人未获同意", ("asked", "act", "to", "clock")),
    "case.joint": ("告知共同被投诉单位", ()),
    "case.merge": ("并案", ("into",)),
    "case.note": ("记入案件事实", ("verifying_unit", "suspended")),
    "case.overseer": ("查找纪检监察机关", ()),
    "case.rated": ("记入满意度", ("satisfaction",)),
    "case.referrer": ("确定转交单位", ("unit", "region_code", "scope")),
    "case.retaliation": ("上报打击报复", ("submission",)),
    "case.successor": ("变更被投诉主体", ("unit",)),
    "case.tell": ("通知有关人员", ("notice", "clock")),
    "determination.enter": ("登记认定", ("grounds", "unit")),
    "escalation.decline": ("记录不予推送", ()),
    "escalation.propose": ("提出推送建议", ("triggers",)),
    "escalation.push": ("推送监督平台", ()),
    "escalation.status": ("记录监督平台状态", ("state", "submission")),
    "escalation.withdraw": ("撤回推送", ()),
    "letter.issue": ("签发文书并编号", ("letter_id",)),
    "letter.prepare": ("起草文书", ("kind", "issuer", "drafter_role", "facts")),
    "measure.end": ("终止惩戒措施", ("measure_id",)),
    "measure.impose": ("登记惩戒措施", ("code", "name", "dept", "target", "basis", "measure_id")),
    "notify": ("发送提醒", ("clock", "rung", "waits_for")),
    "order.letter": ("记录督办回函", ("number",)),
    "order.open": ("立督办单", ("letter_id", "served_at")),
    "order.remind": ("督办提醒", ("clock", "rung")),
    "order.tell": ("通知督办有关单位", ("what",)),
    "record.correct": ("更正信用记录", ("unit", "remedy")),
    "record.enter": ("记入信用记录", ("unit", "source")),
    "record.mark": ("标注信用记录", ("status",)),
    "record.repair": ("修复信用记录", ()),
    "share.determination": ("报送认定信息", ()),
    "share.record": ("报送信用记录", ()),
}
INPUTS: dict[str, str] = {
    "act": "未予同意的动作", "asked": "所申请的事项", "to": "告知何人（岗位@单位）",
    "basis": "依据", "clock": "期限名称", "code": "代码", "dept": "实施单位", "drafter_role": "起草岗位",
    "facts": "文书所需事实", "grounds": "认定理由", "into": "并入的案件", "issuer": "签发单位", "kind": "文书种类",
    "letter_id": "文书标识", "measure_id": "措施标识", "name": "名称", "notice": "通知种类", "number": "文号",
    "region_code": "地区代码", "remedy": "处理方式", "rung": "提醒时点", "satisfaction": "满意度", "scope": "受理范围",
    "served_at": "送达时间", "source": "来源", "state": "状态", "status": "状态", "submission": "提交标识",
    "suspended": "是否中止", "target": "对象", "triggers": "触发条件", "unit": "单位", "verifying_unit": "核实单位",
    "waits_for": "等待何人", "what": "事项",
}  # fmt: skip
