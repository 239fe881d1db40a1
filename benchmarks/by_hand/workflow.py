"""The procedure as a Temporal workflow written by hand: the path of a case that is set right, or found unfounded.

Idiomatic Python: one coroutine reads from intake to closing, Updates deliver the acts, one coroutine records. It does
what the model does on this path and nothing else; docs/benchmarks.md lists what it leaves out.
"""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import CONFIRM_DEADLINE, ConfirmInput, ConfirmResult, JobInput, JobResult
from benchmarks.by_hand import contracts
from benchmarks.by_hand.contracts import Armed, Batch, Changes, Done, Instants, Offered, Opened, Recorded, Start
from workflows.messages import STAGE

RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))
JOB_RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.5), maximum_attempts=12)
TIMEOUT = timedelta(seconds=30)
STAGES = {
    "scope": "screening", "referral": "referral", "delivered": "verification", "feedback": "feedback",
    "rectification_ordered": "rectification", "closed": "closed", "closed_short": "closed",
}  # fmt: skip
ALWAYS = (
    "supervise_start", "interview_start", "risk_start", "list_supervision_start", "circulate_start",
    "retaliation_start",
    "extend_handling_start", "withdrawal_start", "suspension_start", "succession_start", "measure_start",
    "objection_start", "appeal_start", "partial_review_start",
)  # fmt: skip


@workflow.defn(name=contracts.WORKFLOW)
class ComplaintByHand:
    @workflow.init
    def __init__(self, start: Start) -> None:
        self._start = start
        self._keys = 0
        self._step = self._recorded = 0
        self._dirty = False
        self._changes = Changes()
        self._open: set[int] = set()
        self._over: set[int] = set()
        self._acts: dict[int, Done] = {}
        self._answered: dict[str, int] = {}
        self._deadlines: dict[int, Instants] = {}

    @workflow.run
    async def run(self, start: Start) -> int:
        recorder = asyncio.create_task(self._keep_records())
        await self._procedure(start)
        self._change().completed = True
        await self._record()
        await workflow.wait_condition(workflow.all_handlers_finished)
        recorder.cancel()
        return self._recorded

    async def _procedure(self, start: Start) -> None:
        accepting, respondent = f"accepting_dept@{start.accepting_unit}", f"respondent@{start.respondent_unit}"
        self._enter("scope")
        always = [self._offer(element) for element in ALWAYS]
        screening = self._arm("screening", "scope", received=start.received_at)
        found = await self._job(
            "case.referrer", "directory", unit="credit_lead_dept", region_code=start.region_code, scope="in"
        )
        referring = str(found["unit"])
        act = await self._stage("screening_task", accepting, screening, expires=True)
        self._change().met.append(screening)
        if act is not None and act.act != "accept":
            self._enter("rejected")
            await self._letter("不予受理告知书", start.accepting_unit, "accepting_dept")
            self._enter("closed_short")
            self._change().withdrawn.extend(always)
            return
        accepted_at = act.acted_at if act else str(self._deadlines[screening].due_at)
        told = asyncio.create_task(self._letter("投诉受理告知书", start.accepting_unit, "accepting_dept"))
        self._enter("referral")
        referral = self._arm("referral", "referral", accepted=accepted_at, received=start.received_at)
        act = await self._stage("referral_task", f"referring_dept@{referring}", referral)
        assert act is not None
        self._change().met.append(referral)
        verifying = str(act.facts["to"])
        await self._job("case.note", "note_referral", verifying_unit=verifying)
        delivered_at = await self._letter("线索转交函", referring, "referring_dept")
        self._enter("delivered")
        self._arm("handling", "delivered", delivered=delivered_at)
        if await self._substantiated(verifying, delivered_at):
            await self._rectified(verifying, respondent)
        await told
        await self._closing(start, always)

    async def _substantiated(self, verifying: str, delivered_at: str) -> bool:
        clock = self._arm("verification", "verification", delivered=delivered_at)
        offers = [self._offer("ask_respondent_start"), self._offer("ask_explanation_start")]
        asking = asyncio.create_task(self._ask(offers[0], verifying))
        act = await self._stage("verification_task", f"verifying_dept@{verifying}", clock)
        assert act is not None
        self._over.add(offers[0])
        self._change().met.append(clock)
        self._change().withdrawn.extend(offers)
        await asking  # a letter under way is sent
        if act.facts["result"] == "substantiated":
            return True
        self._enter("feedback")
        feedback = self._arm("feedback", "feedback", verified=act.acted_at)
        await self._stage("feedback_task", f"verifying_dept@{verifying}", feedback)
        self._change().met.append(feedback)
        await self._letter("核实结果反馈及解释说明函", verifying, "verifying_dept")
        self._enter("not_substantiated")
        return False

    async def _ask(self, key: int, verifying: str) -> None:
        while True:
            await workflow.wait_condition(lambda: key in self._acts or key in self._over)
            if self._acts.pop(key, None) is None:
                return
            self._open.add(key)
            await self._letter("核实通知书", verifying, "verifying_dept")

    async def _rectified(self, verifying: str, respondent: str) -> None:
        served_at = await self._letter("限期整改通知书", verifying, "verifying_dept")
        self._enter("rectification_ordered")
        clock = self._arm("rectification", "rectification_ordered", rectification_served=served_at)
        while True:
            offer = self._offer("extension_asked")
            act = await self._stage("rectify_task", respondent, clock)
            assert act is not None
            self._change().withdrawn.append(offer)
            check = self._arm("acceptance_check", "inspection", rectification_reported=act.acted_at)
            hearing = asyncio.create_task(self._hear(act.acted_at))
            act = await self._stage("inspection_task", f"verifying_dept@{verifying}", check)
            assert act is not None
            self._change().met.append(check)
            hearing.cancel()
            if act.act == "accept_rectification":
                break
        self._change().met.append(clock)
        self._enter("rectified")
        await self._letter("整改验收意见", verifying, "verifying_dept")
        await self._letter("办理结果反馈函", verifying, "verifying_dept")

    async def _hear(self, asked_at: str) -> None:
        """The complainant is asked whether it was set right; silence means yes, and the inspection need not wait."""
        if self._start.bare:
            return
        clock = self._arm("complainant_confirmation", "complainant_asked", confirmation_asked=asked_at)
        try:
            notice = {"notice": "confirmation_asked", "clock": "complainant_confirmation"}
            await self._job("case.tell", "tell_complainant", **notice)
            complainant = f"complainant@{self._start.case_id}"
            await self._stage("complainant_asked_task", complainant, clock, expires=True, reminds=False)
        except (ActivityError, asyncio.CancelledError):
            return  # the inspection is over
        finally:
            self._change().met.append(clock)

    async def _closing(self, start: Start, always: list[int]) -> None:
        self._enter("closed")
        window = asyncio.create_task(self._review_window())
        survey = self._arm("survey", "survey", closed=workflow.now().isoformat())
        offer = self._offer("review_asked")
        act = await self._stage("survey_task", f"complainant@{start.case_id}", survey, expires=True, reminds=False)
        self._change().met.append(survey)
        self._change().withdrawn.append(offer)
        if act is not None:
            await self._job("case.rated", "note_rating", satisfaction=act.facts["satisfaction"])
        await window
        self._change().withdrawn.extend(always)

    async def _review_window(self) -> None:
        """The case rests until nobody can ask for a review any more."""
        clock = self._arm("review_request", "closed", feedback_given=workflow.now().isoformat())
        await self._record()
        due_at = self._deadlines[clock].due_at
        if due_at is not None:
            await workflow.sleep(max(datetime.fromisoformat(due_at) - workflow.now(), timedelta(0)), summary="review")
        self._change().met.append(clock)

    # --- Acts ----------------------------------------------------------------------------------------------------

    @workflow.update(name=contracts.UPDATE_ACT)
    async def act(self, done: Done) -> int:
        if done.submission_id not in self._answered:
            self.validate(done)
            self._open.discard(done.key)
            self._acts[done.key] = done
            self._change().acts.append(done)
            self._answered[done.submission_id] = self._step + 1
        number = self._answered[done.submission_id]
        await workflow.wait_condition(lambda: self._recorded >= number)
        return number

    @act.validator
    def validate(self, done: Done) -> None:
        if done.submission_id not in self._answered and done.key not in self._open:
            raise ApplicationError("这项任务已经结束。", type="Closed", non_retryable=True)

    async def _task(self, element: str, candidates: list[str], letter_id: str | None = None) -> Done:
        key = self._open_task(element, candidates, None, letter_id)
        await workflow.wait_condition(lambda: key in self._acts)
        self._change().closed.append(key)
        return self._acts.pop(key)

    async def _stage(
        self, element: str, candidate: str, deadline: int, *, expires: bool = False, reminds: bool = True
    ) -> Done | None:
        """The act that ends the stage, or None when its deadline passed first and silence means something."""
        key = self._open_task(element, [candidate], deadline)
        try:
            return await self._ended(key, element, candidate, deadline, expires=expires, reminds=reminds)
        finally:
            self._open.discard(key)
            self._change().closed.append(key)

    async def _ended(
        self, key: int, element: str, candidate: str, deadline: int, *, expires: bool, reminds: bool
    ) -> Done | None:
        await self._record()
        rungs = [(rung, at) for rung, at in self._deadlines[deadline].rungs.items() if reminds or rung == "due"]
        for rung, at in rungs:
            try:
                wait = max(datetime.fromisoformat(at) - workflow.now(), timedelta(0))
                await workflow.wait_condition(lambda: key in self._acts, timeout=wait, timeout_summary=element)
                return self._acts.pop(key)
            except TimeoutError:
                if await self._may_fire(deadline, rung):
                    if rung == "due" and expires:
                        return None
                    name = element.removesuffix("_task")
                    await self._job("notify", "remind", clock=name, rung=rung, waits_for=candidate)
        await workflow.wait_condition(lambda: key in self._acts)
        return self._acts.pop(key)

    async def _letter(self, kind: str, issuer: str, role: str) -> str:
        """Drafted, reviewed and issued by three acts; the instant at which it was served."""
        made = await self._job(
            "letter.prepare", "prepare", kind=kind, issuer=issuer, drafter_role=role, facts={}, letter_kind=kind
        )
        people = {"draft": made["drafters"], "review": made["reviewers"], "issue": made["issuers"]}
        at = 0
        while at < len(made["steps"]):
            step = made["steps"][at]
            done = await self._task(step, people[step], made["letter_id"])
            at = 0 if done.act == "send_back" else at + 1
        issued = await self._job("letter.issue", "send", letter_id=made["letter_id"])
        if issued["served_at"] is None:
            done = await self._task("serve", people["draft"], made["letter_id"])
            return str(done.facts["served_on"])
        return str(issued["served_at"])

    # --- Records, deadlines, jobs --------------------------------------------------------------------------------

    def _key(self) -> int:
        self._keys += 1
        return self._keys

    def _change(self) -> Changes:
        self._dirty = True
        return self._changes

    def _enter(self, element: str) -> None:
        self._change().entered.append(element)
        if element in STAGES:
            workflow.upsert_search_attributes([STAGE.value_set(STAGES[element])])

    def _offer(self, element: str) -> int:
        offered = Offered(self._key(), element)
        self._change().offered.append(offered)
        self._open.add(offered.key)
        return offered.key

    def _open_task(
        self, element: str, candidates: list[str], deadline: int | None, letter_id: str | None = None
    ) -> int:
        opened = Opened(self._key(), element, candidates, deadline, letter_id)
        self._change().opened.append(opened)
        self._open.add(opened.key)
        return opened.key

    def _arm(self, name: str, element: str, **starts: str) -> int:
        armed = Armed(self._key(), name, element, starts)
        self._change().armed.append(armed)
        return armed.key

    async def _record(self) -> None:
        """Until all that has changed so far is stored."""
        wanted = self._step + 1 if self._dirty else self._step
        await workflow.wait_condition(lambda: self._recorded >= wanted)

    async def _keep_records(self) -> None:
        """One record in flight; what changed meanwhile goes together in the next."""
        while True:
            await workflow.wait_condition(lambda: self._dirty)
            if not self._start.bare:
                # Conditions are asked when nothing else can run: what an act sets off is stored, and answered, with it.
                await workflow.wait_condition(lambda: True)
            changes, self._changes, self._dirty = self._changes, Changes(), False
            self._step += 1
            result = await workflow.execute_activity(
                contracts.RECORD,
                Batch(self._start.instance_id, self._step, workflow.now().isoformat(), changes),
                result_type=Recorded,
                start_to_close_timeout=TIMEOUT,
                retry_policy=RETRY,
            )
            self._deadlines.update({deadline.key: deadline for deadline in result.deadlines})
            self._recorded = result.step

    async def _may_fire(self, deadline: int, rung: str) -> bool:
        known = self._deadlines[deadline]
        asked = ConfirmInput(self._start.instance_id, deadline, known.revision, rung, workflow.now().isoformat())
        answer: ConfirmResult = await workflow.execute_activity(
            CONFIRM_DEADLINE, asked, result_type=ConfirmResult, start_to_close_timeout=TIMEOUT, retry_policy=RETRY
        )
        return answer.fire

    async def _job(self, type_: str, element: str, **variables: Any) -> dict[str, Any]:
        """Starts once everything that it rests on is recorded."""
        await self._record()
        given = JobInput(
            self._start.instance_id, self._key(), type_, element, json.dumps(variables, ensure_ascii=False), "{}", {},
            workflow.now().isoformat(),
        )  # fmt: skip
        result: JobResult = await workflow.execute_activity(
            type_, given, result_type=JobResult, start_to_close_timeout=TIMEOUT, retry_policy=JOB_RETRY, summary=element
        )
        answer: dict[str, Any] = json.loads(result.variables)
        return answer
