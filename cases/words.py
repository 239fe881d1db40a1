"""What codes are called. Names of elements, forms and clocks come from the models and the policy, not from here."""

from __future__ import annotations

STAGES: dict[str, str] = {
    "received": "已收到",
    "screening": "受理审查",
    "referral": "线索转交",
    "verification": "核实",
    "feedback": "反馈说明",
    "rectification": "限期整改",
    "determination": "认定",
    "recorded": "已记入信用记录",
    "repair": "信用修复",
    "retaliation": "打击报复核查",
    "closed": "办结",
}
STATUSES: dict[str, str] = {
    "open": "办理中",
    "closed_out_of_scope": "不予受理",
    "merged": "已并案",
    "closed_not_substantiated": "不属实办结",
    "closed_rectified": "整改办结",
    "closed_not_determined": "不予认定",
    "determined": "已认定违约失信",
    "repaired": "已修复",
    "closed_withdrawn": "撤回终止",
    "retaliation_found": "打击报复属实",
    "retaliation_not_found": "未发现打击报复",
}
ROLES: dict[str, str] = {
    "complainant": "投诉人",
    "accepting_dept": "登记受理",
    "referring_dept": "转交",
    "verifying_dept": "核实经办",
    "verifying_head": "核实部门负责人",
    "legal_reviewer": "法制审核",
    "head": "负责人(签发)",
    "respondent": "被投诉主体联络员",
    "recorded_unit": "被记录单位",
    "imposing_dept": "惩戒实施",
    "credit_lead_dept": "信用牵头",
    "region_drc": "自治区归集上报",
    "supervisor": "督办",
    "reviewer": "复核",
    "discipline": "纪检监察",
    "auditor": "审计",
    "administrator": "管理员",
}
# To whom a letter goes: a role, or a place that no person holds.
ADDRESSEES: dict[str, str] = {
    **ROLES,
    "late_unit": "逾期单位",
    "assisting_unit": "协办单位",
    "supervision_platform": "监督贯通协调平台",
    "contract_party": "合同签订方",
    "units": "各有关单位",
    "file": "存档",
}
ACTS: dict[str, str] = {
    "file": "提交投诉",
    "accept": "受理",
    "reject": "不予受理",
    "merge": "并案",
    "request_supplement": "要求补正",
    "supplement": "提交补正材料",
    "refer": "转交",
    "return_referral": "退回转交",
    "consent_return": "同意退回",
    "insist_referral": "坚持转交",
    "designate": "指定办理",
    "accept_handling": "受理办理",
    "verify": "作出核实结论",
    "ask_respondent": "要求说明情况",
    "ask_explanation": "要求书面说明原因",
    "explain": "提交书面说明",
    "feedback": "反馈并解释说明",
    "report_rectification": "报告整改完成",
    "refuse": "拒绝整改",
    "request_extension": "申请延期",
    "approve_extension": "批准延期",
    "decline_extension": "不予延期",
    "accept_rectification": "验收通过",
    "reject_rectification": "验收不通过",
    "notify_determination": "告知拟认定",
    "state": "陈述申辩",
    "waive": "放弃陈述申辩",
    "determine": "认定违约失信",
    "not_determine": "不予认定",
    "record": "记入信用记录",
    "report_performance": "报告履行完毕",
    "confirm_performance": "确认履行",
    "reject_performance": "未确认履行",
    "apply_repair": "申请信用修复",
    "repair": "准予修复",
    "refuse_repair": "不予修复",
    "rate": "评价",
    "request_review": "申请复核",
    "appeal": "不服认定申请复核",
    "decide_appeal": "复核认定",
    "report_outstanding": "报告履行情况",
    "report_litigation": "报告诉讼进展",
    "decide_review": "作出复核决定",
    "call_back": "登记回访",
    "withdraw": "撤回投诉",
    "confirm_withdrawal": "确认撤回",
    "continue_case": "继续办理",
    "suspend": "中止办理",
    "resume": "恢复办理",
    "succeed": "变更承继机关",
    "impose_measure": "采取惩戒措施",
    "end_measure": "终止措施",
    "object": "提出异议",
    "decide_objection": "处理异议",
    "supervise": "督办",
    "interview": "约谈",
    "raise_risk": "发现失信风险",
    "dismiss_risk": "不作风险处置",
    "end_risk": "风险已化解",
    "send_reminder": "发出提醒函",
    "dismiss_reminder": "不提醒",
    "send_warning": "发出警示函",
    "dismiss_warning": "不警示",
    "list_supervision": "挂牌督办",
    "circulate": "通报",
    "report_retaliation": "反映打击报复",
    "find_retaliation": "打击报复属实",
    "find_no_retaliation": "未发现打击报复",
    "invite_assist": "邀请协办",
    "give_opinion": "提出协办意见",
    "confirm_rectification": "整改属实",
    "dispute_rectification": "对整改有异议",
    "conclude_petition": "出具信访处理意见书",
    "urge": "发出催办函",
    "dismiss_urge": "不催办",
    "issue_order": "发出督办函",
    "dismiss_order": "不督办",
    "propose_platform": "建议推送",
    "leave_platform": "不建议推送",
    "confirm_escalation": "选取并推送",
    "decline_escalation": "不推送",
    "open_order": "登记督办件",
    "reply_order": "答复督办件",
    "accept_reply": "认可答复",
    "return_reply": "退回重报",
    "close_order": "销号",
    "withdraw_order": "撤回督办件",
    "dismiss_interview": "不约谈",
    "raise_order": "提级督办",
    "dismiss_raise_order": "不提级",
    "platform_status": "登记平台反馈",
    "withdraw_escalation": "撤回推送",
    "draft": "完成拟稿",
    "review": "审核通过",
    "issue": "签发",
    "send_back": "退改",
    "serve": "登记送达",
}
DECISIONS: dict[str, str] = {"confirmed": "已推送", "declined": "不推送", "withdrawn": "已撤回"}
# Proposals by a person, beside the pack's triggers.
TRIGGERS: dict[str, str] = {"late_handler": "办理单位逾期未办", "unrectified": "逾期五个工作日仍未整改"}
# What the forms of a breach risk offer (held to them by a test).
RISK_SUBJECTS: dict[str, str] = {"unit": "单位", "post": "工作人员所任岗位"}
RISK_KINDS: dict[str, str] = {
    "old_debts": "新官不理旧账", "breach": "违约毁约", "unfair_competition": "恶意竞争", "deception": "欺商骗企",
    "rent_seeking": "设租寻租", "blind_investment": "盲目招商", "illegal_debt": "违规举债", "delayed_audit": "拖延审计",
    "arrears": "恶意拖欠工程款和农民工工资", "other": "其他",
}  # fmt: skip
LETTER_STATUSES: dict[str, str] = {
    "draft": "拟稿中", "reviewed": "已审核", "issued": "已签发", "served": "已送达", "withdrawn": "已撤回",
}  # fmt: skip
DEADLINE_STATUSES: dict[str, str] = {
    "running": "计算中", "paused": "中止计算", "met": "按期完成", "cancelled": "已结束", "none": "无此期限",
}  # fmt: skip
RECORD_STATUSES: dict[str, str] = {
    "active": "有效", "objected": "异议中", "corrected": "已更正", "revoked": "已撤销", "repaired": "已修复",
}  # fmt: skip
SATISFACTION: dict[str, str] = {"satisfied": "满意", "basically_satisfied": "基本满意", "dissatisfied": "不满意"}
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
LEAVES: dict[str, str] = {
    "annual": "年休", "sick": "病假", "business": "出差", "training": "培训", "secondment": "借调", "other": "其他",
}  # fmt: skip
RECUSAL_GROUNDS: dict[str, str] = {
    "handled_contract": "曾经办或审批涉案合同",
    "interest": "与投诉人或被投诉主体有利害关系",
    "relative": "与当事人员有近亲属关系",
    "former_post": "曾在被投诉主体任职",
    "other": "其他可能影响公正办理的情形",
}
PRIORITIES: dict[int, str] = {90: "特急", 70: "加急", 50: "普通", 30: "缓办"}
BULK_ACTS: dict[str, str] = {"urge": "催办", "reassign": "改派", "approve_extension": "批准延期", "handover": "移交"}
