"""What the codes of the engine and its operation are called: incidents, operators' acts, messages, versions, events."""

from __future__ import annotations

# Why a case stands still, by the rule of its incident; the engine's own sentence is shown as a technical note.
INCIDENT_RULES: dict[str, str] = {
    "job-failed": "系统作业多次重试仍未成功，例如对方平台不通",
    "no-flow": "网关后没有一个条件成立，也没有默认流向",
    "expression": "表达式计算出错",
    "expression-type": "表达式的结果不是所需的类型",
    "condition-type": "条件的结果不是“是”或“否”",
    "timer": "定时的时点或周期无法识别",
    "definition": "要调用的流程或规则没有部署",
    "uncaught-error": "办理中抛出的业务错误没有环节处理",
    "step-bound": "一步之内无法停下，模型存在没有等待的循环",
    "engine-fault": "流程引擎内部出错，这一步已经全部撤回",
    "join-starved": "汇合网关等待的分支不会再到达",
    "call-depth": "流程相互调用的层数过多",
    "loop-collection": "多实例的输入不是列表",
    "loop-cardinality": "多实例的个数不合要求",
    "loop-maximum": "循环次数超过上限",
    "deadline-from": "期限的起算时点无法识别",
    "deadline-extension": "期限的延长天数无法识别",
    "event-kind": "这种事件不能在此抛出",
    "cancel-outside": "取消事件不在事务之内",
    "cancel-boundary": "事务没有处理取消的边界事件",
    "ad-hoc-elements": "要启动的活动不在临时子流程之内",
    "scope-depth": "子流程嵌套的层数过多",
    "token-bound": "同时进行的分支过多",
    "script-result": "脚本的结果不能作为流程变量",
    "reconcile": "流程与步骤记录不一致，需要核对",
}
# Why an operator's act is not taken, by the rule of the refusal.
REFUSALS: dict[str, str] = {
    "incident-closed": "这一异常已经处理。",
    "scope-closed": "这一范围已经结束，变量不能再修改。",
    "token-gone": "流程已经离开这一环节。",
    "token-in-loop": "多实例中的一项不能单独移动。",
    "process-listener": "流程的监听作业正在进行：请重试该作业，或取消案件的流程。",
    "skip-gateway": "跳过这个网关会使去向不明：请移动到要去的环节。",
    "move-scope": "目标环节与现在的环节不在同一范围内。",
    "move-target": "这个元素不能作为移动的目标。",
    "undo-late": "处置之后流程又有进展，不能再撤销。",
    "undo-effect": "处置已经对外产生效果（例如已启动系统作业、期限已经起算），不能撤销。",
    "undo-model": "处置结束了一个被调用的流程，不能恢复。",
    "ended": "流程已经结束。",
    "task-closed": "这项任务已经结束：可能刚由他人办理，或者因流程进展而取消。您填写的内容没有提交。",
}
# An operator's act, and what it does to a case.
OPERATIONS: dict[str, str] = {
    "IncidentRetried": "重试",
    "VariablesEdited": "修改变量",
    "ElementSkipped": "跳过",
    "TokenMoved": "移动",
    "OperationUndone": "撤销处置",
    "InstanceMigrated": "迁移到新版本",
}
# A timer start of a deployed process: how it stands, and what an operator does about it.
START_STATUSES: dict[str, str] = {
    "active": "等待时点",
    "paused": "已暂停",
    "ended": "不再启动",
    "replaced": "已由新版本取代",
}
START_ACTS: dict[str, str] = {"pause": "暂停", "resume": "恢复", "start": "立即启动一次"}
# An operator's act on what goes between cases.
MESSAGE_ACTS: dict[str, str] = {
    "MessageDropped": "丢弃消息",
    "MessageRestored": "恢复消息等待",
    "MessageHandedOver": "把消息交给流程",
    "MessageSent": "手工发出消息",
}
MESSAGE_KINDS: dict[str, str] = {"message": "消息", "signal": "信号"}
MESSAGE_STATUSES: dict[str, str] = {
    "buffered": "等待中",
    "sent": "送达中",
    "delivered": "已送达",
    "started": "已启动流程",
    "expired": "已过期",
    "dropped": "已丢弃",
}
MESSAGE_SHOWN: dict[str, str] = {
    "buffered": "等待中的消息",
    "under_way": "送达中、尚未答复的",
    "waiting": "等待消息或信号的流程",
    "expired": "过期未被接收的",
    "dropped": "已丢弃的",
    "done": "已送达或已启动流程的",
}
MESSAGE_EMPTY: dict[str, str] = {
    "buffered": "没有等待中的消息：发出的都已有流程接收。",
    "under_way": "没有送达中的消息：流程都已答复。",
    "waiting": "现在没有流程等待消息或信号。",
    "expired": "没有过期未被接收的消息。",
    "dropped": "没有被丢弃的消息。",
    "done": "还没有送达过消息。",
}
DELIVERY_STATUSES: dict[str, str] = {"open": "尚未答复", "done": "已接收", "refused": "没有接收"}
# Executions that belong to no case, and an operator's acts on them.
INSTANCE_ACTS: dict[str, str] = {
    "InstanceBegun": "手工启动流程",
    "InstanceCancelled": "终止流程",
    "TaskCompleted": "办理任务",
    "TaskErrored": "以错误结束任务",
    "TaskEscalated": "由任务升级",
    "VariablesRead": "查看变量",
}
INSTANCE_SHOWN: dict[str, str] = {
    "running": "正在运行的", "stuck": "受阻的", "completed": "已完成的", "cancelled": "已终止的", "any": "全部",
}  # fmt: skip
INSTANCE_EMPTY: dict[str, str] = {
    "running": "现在没有不属于案件的流程在运行。",
    "stuck": "不属于案件的流程都没有受阻。",
    "completed": "还没有不属于案件的流程完成。",
    "cancelled": "没有被终止的流程。",
    "any": "还没有启动过不属于案件的流程。",
}
INSTANCE_STATUSES: dict[str, str] = {
    "starting": "即将启动", "active": "运行中", "completed": "已完成", "cancelled": "已终止",
}  # fmt: skip
BEGUN_BY: dict[str, str] = {
    "message": "由消息", "signal": "由信号", "timer": "由定时", "hand": "由手工", "case": "随案件",
}  # fmt: skip
TASK_OUTCOMES: dict[str, str] = {
    "complete": "完成", "error": "以错误结束", "escalate": "升级（任务是否继续由模型决定）",
}  # fmt: skip
CHANGES: dict[str, str] = {"moved": "移动", "kept": "保留", "withdrawn": "撤回", "created": "新建"}
CHANGE_KINDS: dict[str, str] = {
    "token": "办理位置",
    "task": "任务",
    "job": "系统作业",
    "timer": "定时",
    "message": "可作的动作",
    "signal": "信号",
    "conditional": "条件",
    "definition": "调用流程",
    "decision": "规则判断",
    "deadline": "期限",
    "incident": "异常",
}
DEFINITION_KINDS: dict[str, str] = {"bpmn": "流程", "dmn": "规则", "form": "表单"}
EVENTS: dict[str, str] = {
    "InstanceStarted": "启动流程",
    "TimerFired": "期限或提醒时点到达",
    "JobCompleted": "系统办理完成",
    "JobFailed": "系统办理未成功",
    "DeadlineSet": "期限已计算",
    "DefinitionResolved": "载入流程",
    "DefinitionMissing": "要载入的流程没有部署",
    "DecisionEvaluated": "规则判断",
    "TaskCompleted": "办理任务",
    "TaskErrored": "交回任务",
    "TaskEscalated": "由任务上报",
    "JobErrored": "系统办理以业务错误结束",
    "MessageDelivered": "办理动作",
    "SignalDelivered": "收到信号",
    "AdHocActivated": "启动可选事项",
    "InstanceCancelled": "流程终止",
    "SemanticsRaised": "流程引擎升级",
    **OPERATIONS,
}
