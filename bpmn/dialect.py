"""Names of the dialect: namespaces, and the ``zeebe:properties`` that carry what Camunda's dialect lacks."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
)
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

# Vendors whose extensions change what a model does. A file that relies on one of them would not do here what it
# does there, so it is refused; extensions of any other namespace are notes to a tool.
RUNTIME_VENDORS = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
}

DEADLINE = "jiannuo:deadline"
STARTS_DEADLINE = "jiannuo:startsDeadline"
DEADLINE_SCOPE = "jiannuo:deadlineScope"
DEADLINE_FROM = "jiannuo:deadlineFrom"
DEADLINE_LIMIT = "jiannuo:deadlineLimit"
ENDS_DEADLINE = "jiannuo:endsDeadline"
CANCELS_DEADLINE = "jiannuo:cancelsDeadline"
PAUSES_DEADLINE = "jiannuo:pausesDeadline"
EXTENDS_DEADLINE = "jiannuo:extendsDeadline"
EXTEND_BY = "jiannuo:extendBy"
EXTEND_REASON = "jiannuo:extendReason"
TIME_ZONE = "jiannuo:timeZone"
ROLE = "jiannuo:role"
DISCRETIONARY = "jiannuo:discretionary"
TIME_TO_LIVE = "jiannuo:timeToLive"

DEADLINE_PROPERTIES = frozenset(
    {
        DEADLINE,
        STARTS_DEADLINE,
        DEADLINE_SCOPE,
        DEADLINE_FROM,
        DEADLINE_LIMIT,
        ENDS_DEADLINE,
        CANCELS_DEADLINE,
        PAUSES_DEADLINE,
        EXTENDS_DEADLINE,
        EXTEND_BY,
        EXTEND_REASON,
    }
)
DEFAULT_ZONE = "Asia/Shanghai"
