"""Tasks, subprocesses, call activities, io mapping, lanes, loops, compensation, transactions, ad-hoc."""

import pytest

from bpmn.commands import CreateTask, EvaluateDecision, ResolveDefinition
from bpmn.discretionary import discretionary
from bpmn.events import (
    AdHocActivated,
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    ElementSkipped,
    GraphRef,
    IncidentRetried,
    InstanceCancelled,
    JobCompleted,
    TokenMoved,
    VariablesEdited,
)
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
    Player,
    boundary,
    catch,
    definitions,
    end,
    error,
    event_sub,
    extension,
    flows,
    gateway,
    io,
    message,
    multi,
    process,
    properties,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

SHARED = '<message id="N" name="note"/><error id="E1" errorCode="bad"/>'


def task(play: Player, name: str) -> CreateTask:
    return play.tasks[play.task_key(name)]


def test_a_user_task_says_who_what_and_until_when() -> None:
    ext = (
        (
            '<zeebe:assignmentDefinition assignee="=who" candidateGroups="a, b" candidateUsers="=[&quot;u1&quot;]"/>'
            '<zeebe:taskSchedule dueDate="=date and time(&quot;2026-03-09T00:00:00+08:00&quot;)" '
            'followUpDate="2026-03-05T09:00:00"/><zeebe:priorityDefinition priority="70"/>'
            '<zeebe:formDefinition formId="f1"/>'
        )
        + io({"n": "=1+1"})
        + properties({"jiannuo:stage": '="s" + who', "plain": "x"})
    )
    found = task(Player(process(start() + user("a", ext, name="Do it") + flows("s>a")), {"who": "li"}), "a")
    assert (found.name, found.assignee, found.candidate_groups, found.candidate_users) == (
        "Do it",
        "li",
        ("a", "b"),
        ("u1",),
    )
    assert found.due_at == "2026-03-09T00:00:00+08:00"
    assert found.follow_up_at == "2026-03-05T09:00:00+08:00"
    assert (found.priority, found.form_id, found.inputs) == (70, "f1", {"n": 2})
    assert found.properties == {"jiannuo:stage": "sli", "plain": "x"}


def test_a_lane_is_the_candidate_group_of_its_tasks() -> None:
    lanes = '<laneSet id="ls"><lane id="l1" name="DRC"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    assert task(Player(process(lanes + start() + user("a") + flows("s>a"))), "a").candidate_groups == ("DRC",)


def test_inputs_are_local_and_only_outputs_leave() -> None:
    ext = io({"x": "=y + 1", "o.p": "=x"}, {"z": "=x + given", "o.q": "=given"})
    play = Player(process(start() + user("a", ext) + end() + flows("s>a", "a>e")), {"y": 1, "x": 50, "o": {"k": 1}})
    play.do("a", given=10)
    assert play.variables == {"y": 1, "x": 50, "z": 12, "o": {"k": 1, "q": 10}}


def test_no_true_condition_is_an_incident_and_is_retried_after_an_edit() -> None:
    body = start() + gateway("exclusive", "g") + user("a") + user("b") + flows("s>g", "g>a ? x = 1", "g>b ? x = 2")
    play = Player(process(body), {"x": 3})
    assert play.rules == ["no-flow"]
    assert play.state is not None
    play.send(VariablesEdited(play.state.root, {"x": 2}))
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert (play.open, play.incidents) == (["b"], {})


def test_a_condition_that_is_null_is_an_incident() -> None:
    body = (
        start() + gateway("exclusive", "g", default="g_b") + user("a") + user("b") + flows("s>g", "g>a ? n > 1", "g>b")
    )
    assert Player(process(body)).rules == ["condition-type"]


def test_a_subprocess_is_a_scope_and_its_boundary_cancels_all_inside() -> None:
    inner = start("is") + gateway("parallel", "f") + user("u1") + service("w1") + flows("is>f", "f>u1", "f>w1")
    body = start() + sub("p1", inner) + boundary("b", "p1", timer("PT1H")) + user("late") + flows("s>p1", "b>late")
    play = Player(process(body)).wait(hours=1)
    assert (play.open, play.jobs) == (["late"], {})


def test_a_call_runs_the_callee_as_a_scope_of_its_own_variables() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q"/>' + io(outputs={"r": "=x + 1"}))
    caller = process(
        start()
        + called
        + "</callActivity>"
        + boundary("b", "c", error("E1"))
        + user("after")
        + user("oops")
        + flows("s>c", "c>after", "b>oops"),
        SHARED,
    )
    callee = read(process(start("cs") + user("u") + service("w") + flows("cs>u", "u>w"), name="q"), "q.bpmn")

    def begin() -> Player:
        play = Player(caller, {"y": 1})
        (request,) = [one for one in play.commands if isinstance(one, ResolveDefinition)]
        assert (request.process_id, request.binding) == ("q", "latest")
        play.graphs[callee.hash] = callee
        return play.send(DefinitionResolved(request.request_key, GraphRef(callee.hash, "q")))

    play = begin().do("u", x=5)
    assert play.variables == {"y": 1}
    play.work("w")
    assert (play.open, play.variables) == (["after"], {"y": 1, "r": 6})
    assert begin().do("u").fail("w", "bad").open == ["oops"]


def test_a_missing_callee_is_an_incident() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q"/>') + "</callActivity>"
    play = Player(process(start() + called + flows("s>c")))
    play.send(DefinitionMissing(next(iter(play.state.waits)), "q is not deployed"))  # type: ignore[union-attr]
    assert play.rules == ["definition"]


def test_a_callee_of_the_same_file_is_bound_at_deployment() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q" bindingType="deployment"/>')
    source = definitions(
        f'<process id="p" isExecutable="true">{start()}{called}</callActivity>{user("z")}'
        f"{flows('s>c', 'c>z')}</process>"
        f'<process id="q" isExecutable="true">{start("qs")}{script("k", "7", "v")}{flows("qs>k")}</process>'
    )
    play = Player(source)
    assert (play.open, play.variables) == (["z"], {"v": 7})


def test_calls_in_a_circle_end_in_an_incident() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="p" bindingType="deployment"/>')
    play = Player(process(start() + called + "</callActivity>" + flows("s>c")))
    assert play.rules == ["call-depth"]


def test_a_decision_is_asked_for_and_its_result_kept() -> None:
    rule = '<businessRuleTask id="d">' + extension('<zeebe:calledDecision decisionId="dd" resultVariable="r"/>')
    play = Player(process(start() + rule + "</businessRuleTask>" + end() + flows("s>d", "d>e")), {"x": 1})
    (asked,) = [one for one in play.commands if isinstance(one, EvaluateDecision)]
    assert (asked.decision_id, asked.variables) == ("dd", {"x": 1})
    play.send(DecisionEvaluated(asked.request_key, {"ok": True}))
    assert play.variables == {"x": 1, "r": {"ok": True}}


def test_manual_and_abstract_tasks_pass() -> None:
    assert Player(process(start() + '<manualTask id="m"/><task id="t"/>' + end() + flows("s>m", "m>t", "t>e"))).done


@pytest.mark.parametrize("sequential", [False, True])
def test_multi_instance_collects_outputs_in_index_order(sequential: bool) -> None:
    loop = multi("list", "item", "r", "results", sequential=sequential)
    play = Player(process(start() + service("w", inside=loop) + end() + flows("s>w", "w>e")), {"list": [3, 4, 5]})
    assert len(play.jobs) == (1 if sequential else 3)
    while play.jobs:
        key = max(play.jobs)
        job = play.jobs.pop(key)
        play.send(JobCompleted(key, {"r": job.variables["item"] * 10}))
    assert play.variables == {"list": [3, 4, 5], "results": [30, 40, 50]}


def test_no_instance_completes_at_once_and_a_negative_number_is_an_incident() -> None:
    source = process(start() + user("a", inside=multi(cardinality="=n")) + end() + flows("s>a", "a>e"))
    assert Player(source, {"n": 0}).done
    assert Player(source, {"n": -1}).rules == ["loop-cardinality"]
    assert Player(source, {"n": 2}).open == ["a", "a"]


def test_a_completion_condition_cancels_the_rest() -> None:
    loop = multi(cardinality="3", until="numberOfCompletedInstances >= 2")
    play = Player(process(start() + user("a", inside=loop) + end() + flows("s>a", "a>e"))).do("a")
    assert not play.done
    assert play.do("a").done
    assert play.visited("cancelled") == ["a"]


def test_a_boundary_stands_on_the_body_of_a_loop() -> None:
    loop = multi(cardinality="3")
    body = start() + user("a", inside=loop) + boundary("b", "a", timer("PT1H")) + user("c") + flows("s>a", "b>c")
    play = Player(process(body))
    assert len(play.timers) == 1
    assert play.do("a").wait(hours=1).open == ["c"]


def test_terminate_in_a_loop_ends_that_instance_only() -> None:
    inner = start("is") + gateway("exclusive", "g", default="g_u") + user("u") + end("t", TERMINATE)
    inner += flows("is>g", "g>t ? item = 1", "g>u") + multi("[1,2,3]", "item")
    play = Player(process(start() + sub("p1", inner) + end() + flows("s>p1", "p1>e")))
    assert play.open == ["u", "u"]
    assert play.do("u").do("u").done


def test_a_standard_loop_runs_while_its_condition_holds() -> None:
    def source(attributes: str, condition: str) -> bytes:
        loop = f"<standardLoopCharacteristics{attributes}><loopCondition>={condition}</loopCondition>"
        return process(
            start()
            + script("k", "n + 1", "n", inside=loop + "</standardLoopCharacteristics>")
            + end()
            + flows("s>k", "k>e")
        )

    assert Player(source("", "n &lt; 3"), {"n": 0}).variables == {"n": 3}
    assert Player(source("", "false"), {"n": 0}).variables == {"n": 1}
    assert Player(source(' testBefore="true"', "false"), {"n": 0}).variables == {"n": 0}
    assert Player(source(' loopMaximum="4"', "true"), {"n": 0}).variables == {"n": 4}


def compensable(name: str, undo: str) -> str:
    body = script(name, f'append(log, "{name}")', "log") + boundary(f"{name}_undo", name, COMPENSATE)
    body += script(undo, f'append(log, "{undo}" + string(x))', "log", isForCompensation="true")
    return body + f'<association id="{name}_as" sourceRef="{name}_undo" targetRef="{undo}"/>'


def test_compensation_undoes_what_completed_in_reverse_order_with_its_data() -> None:
    body = start() + compensable("a", "ua") + script("x2", "x + 1", "x") + compensable("b", "ub")
    body += gateway("exclusive", "g", default="g_t") + compensable("never", "un") + throw("t", COMPENSATE) + end()
    body += flows("s>a", "a>x2", "x2>b", "b>g", "g>never ? false", "g>t", "never>t", "t>e")
    play = Player(process(body), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "b", "ub2", "ua1"]
    assert play.done


def test_compensation_waits_for_its_handlers_and_each_runs_once() -> None:
    body = start() + user("a") + boundary("ab", "a", COMPENSATE) + user("ua", isForCompensation="true")
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>' + throw("t", COMPENSATE) + throw("t2", COMPENSATE)
    body += user("z") + flows("s>a", "a>t", "t>t2", "t2>z")
    play = Player(process(body)).do("a")
    assert play.open == ["ua"]
    assert play.do("ua").open == ["z"]


def test_handlers_inside_a_completed_subprocess_run_when_it_has_none_itself() -> None:
    inner = start("is") + compensable("a", "ua") + compensable("b", "ub") + flows("is>a", "a>b")
    body = start() + sub("p1", inner) + throw("t", '<compensateEventDefinition activityRef="p1"/>') + end()
    play = Player(process(body + flows("s>p1", "p1>t", "t>e")), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "b", "ub1", "ua1"]


def test_each_completed_iteration_is_undone() -> None:
    body = script("a", 'append(log, "a")', "log", inside=multi("[1,2]", "x", sequential=True))
    body += boundary("ab", "a", COMPENSATE) + script(
        "ua", 'append(log, "u" + string(x))', "log", isForCompensation="true"
    )
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>'
    source = process(start() + body + throw("t", COMPENSATE) + end() + flows("s>a", "a>t", "t>e"))
    assert Player(source, {"log": []}).variables["log"] == ["a", "a", "u2", "u1"]


def test_a_cancelled_transaction_compensates_and_leaves_by_its_cancel_event() -> None:
    inner = start("is") + compensable("a", "ua") + gateway("parallel", "f") + user("u") + end("c", CANCEL)
    inner += flows("is>a", "a>f", "f>u", "f>c")
    body = start() + sub("tx", inner, tag="transaction") + boundary("b", "tx", CANCEL) + user("after") + user("ok")
    play = Player(process(body + flows("s>tx", "tx>ok", "b>after")), {"log": [], "x": 1})
    assert play.open == ["after"]
    assert play.variables["log"] == ["a", "ua1"]


def test_an_error_leaves_a_transaction_without_compensation() -> None:
    inner = start("is") + compensable("a", "ua") + end("c", error("E1")) + flows("is>a", "a>c")
    body = start() + sub("tx", inner, tag="transaction") + boundary("b", "tx", error("E1")) + user("after")
    play = Player(process(body + flows("s>tx", "b>after"), SHARED), {"log": [], "x": 1})
    assert (play.open, play.variables["log"]) == (["after"], ["a"])


def ad_hoc(inside: str, ext: str = "", **attributes: str) -> bytes:
    return process(
        start() + sub("ah", inside, ext, "adHocSubProcess", **attributes) + user("z") + flows("s>ah", "ah>z")
    )


def test_an_ad_hoc_subprocess_starts_all_that_no_flow_leads_to() -> None:
    play = Player(ad_hoc(user("a") + user("b") + user("c") + flows("b>c")))
    assert play.open == ["a", "b"]
    assert play.do("a").do("b").open == ["c"]
    assert play.do("c").open == ["z"]
    play = Player(ad_hoc(user("a") + user("b"), ordering="Sequential"))
    assert play.open == ["a"]
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]


def test_an_ad_hoc_completion_condition_ends_it() -> None:
    inside = user("a") + user("b") + "<completionCondition>=enough</completionCondition>"
    play = Player(ad_hoc(inside), {"enough": False})
    assert play.do("a", enough=True).open == ["z"]
    play = Player(ad_hoc(inside, cancelRemainingInstances="false"), {"enough": False}).do("a", enough=True)
    assert play.open == ["b"]
    assert play.do("b").open == ["z"]


def test_a_person_starts_discretionary_tasks() -> None:
    inside = user("a") + user("b") + "<completionCondition>=enough</completionCondition>"
    play = Player(ad_hoc(inside, properties({"jiannuo:discretionary": "true"})), {"enough": False})
    assert play.state is not None
    (scope,) = [one.key for one in play.state.scopes.values() if one.kind == "adhoc"]
    assert play.open == []
    assert [one.element_id for one in discretionary(play.graphs, play.state)] == ["a", "b"]
    play.send(AdHocActivated(scope, "b")).send(AdHocActivated(scope, "b"))
    assert play.open == ["b", "b"]
    assert play.refusal(AdHocActivated(scope, "z")) == "ad-hoc-element"
    play.do("b").do("b")
    assert not play.done
    play.send(AdHocActivated(scope, "a"))
    assert play.do("a", enough=True).open == ["z"]


def test_a_complex_gateway_fires_on_its_condition_and_swallows_the_rest() -> None:
    body = start() + gateway("parallel", "f") + user("a") + user("b") + user("c") + user("z")
    body += '<complexGateway id="j"><activationCondition>=activationCount >= 2</activationCondition></complexGateway>'
    body += flows("s>f", "f>a", "f>b", "f>c", "a>j", "b>j", "c>j", "j>z")
    play = Player(process(body)).do("a")
    assert play.open == ["b", "c"]
    assert play.do("b").open == ["c", "z"]
    assert play.do("c").open == ["z"]
    assert play.do("z").done


def test_quantities_gather_and_multiply_tokens() -> None:
    body = start() + user("a", completionQuantity="3") + user("b") + flows("s>a", "a>b")
    assert Player(process(body)).do("a").open == ["b", "b", "b"]
    body = start() + gateway("parallel", "f") + user("a") + user("b") + user("c", startQuantity="2")
    play = Player(process(body + flows("s>f", "f>a", "f>b", "a>c", "b>c"))).do("a")
    assert play.open == ["b"]
    assert play.do("b").open == ["c"]


def test_data_objects_are_variables_of_their_scope() -> None:
    data = '<dataObject id="d1" name="Total"/><dataObjectReference id="r1" dataObjectRef="d1"/>'
    out = (
        '<dataOutputAssociation id="x"><sourceRef>sum_out</sourceRef><targetRef>r1</targetRef></dataOutputAssociation>'
    )
    spec = '<ioSpecification id="io"><dataOutput id="sum_out" name="sum"/><inputSet/><outputSet/></ioSpecification>'
    inner = data + start("is") + script("k", "3", "sum", inside=spec + out) + script("l", "Total + 1", "seen")
    body = start() + sub("p1", inner + flows("is>k", "k>l")) + end() + flows("s>p1", "p1>e")
    play = Player(process(body))
    assert play.variables == {"sum": 3, "seen": 4}


def test_a_gateway_that_chooses_is_not_skipped_but_moved_on() -> None:
    body = start() + gateway("exclusive", "g") + user("a") + user("b") + flows("s>g", "g>a ? x = 1", "g>b ? x = 2")
    play = Player(process(body), {"x": 3})
    token = next(iter(play.incidents.values())).token_key
    assert play.refusal(ElementSkipped(token)) == "skip-gateway"
    assert play.send(TokenMoved(token, "b")).open == ["b"]


def test_an_operator_moves_skips_and_cancels() -> None:
    body = start() + user("a") + user("b") + service("w") + user("c") + flows("s>a", "a>b", "b>w", "w>c")
    play = Player(process(body))
    token = next(iter(play.state.tokens))  # type: ignore[union-attr]
    play.send(TokenMoved(token, "w"))
    assert (play.open, len(play.jobs)) == ([], 1)
    play.send(ElementSkipped(token, {"x": 1}))
    assert (play.open, play.jobs, play.variables) == (["c"], {}, {"x": 1})
    assert play.refusal(TokenMoved(token, "s")) == "move-target"
    play.send(InstanceCancelled("withdrawn"))
    assert play.state is not None
    assert play.state.status == "cancelled"
    assert play.open == []


def test_a_loop_without_a_wait_is_an_incident_that_keeps_the_event() -> None:
    body = start() + user("a") + gateway("exclusive", "x", default="x_e") + script("k", "1", "v") + end()
    body += flows("s>a", "a>x", "x>k ? true", "x>e", "k>x")
    play = Player(process(body), round_trip=False).do("a")
    assert play.rules == ["step-bound"]
    assert play.state is not None
    assert next(iter(play.state.incidents.values())).event is not None


def test_an_uncontrolled_merge_multiplies_tokens() -> None:
    body = start() + gateway("parallel", "f") + user("a") + flows("s>f", "f>a")
    body += '<sequenceFlow id="second" sourceRef="f" targetRef="a"/>'
    assert Player(process(body)).open == ["a", "a"]


def test_conditions_out_of_an_activity_choose_every_true_flow() -> None:
    body = start() + user("a", default="a_d") + user("b") + user("c") + user("d")
    source = process(body + flows("s>a", "a>b ? x > 1", "a>c ? x > 2", "a>d"))
    assert Player(source, {"x": 3}).do("a").open == ["b", "c"]
    assert Player(source, {"x": 1}).do("a").open == ["d"]


def test_two_inclusive_joins_in_a_circle_do_not_hang() -> None:
    body = start() + gateway("parallel", "f") + gateway("inclusive", "j1") + gateway("inclusive", "j2")
    body += gateway("exclusive", "x1", default="x1_u1") + gateway("exclusive", "x2", default="x2_u2") + user("u1")
    body += user("u2") + flows(
        "s>f", "f>j1", "f>j2", "j1>x1", "x1>u1", "x1>j2 ? false", "j2>x2", "x2>u2", "x2>j1 ? false"
    )
    assert Player(process(body)).open == ["u1", "u2"]


def test_an_event_subprocess_compensates_its_scope() -> None:
    handler = start("hs", message("N")) + throw("t", COMPENSATE) + user("h") + flows("hs>t", "t>h")
    inner = start("is") + compensable("a", "ua") + user("u") + flows("is>a", "a>u") + event_sub("es", handler)
    body = start() + sub("p1", inner) + flows("s>p1")
    play = Player(process(body, SHARED), {"log": [], "x": 1}).deliver("note")
    assert (play.open, play.variables["log"]) == (["h"], ["a", "ua1"])


def test_ten_thousand_instances_fit_one_step() -> None:
    play = Player(process(start() + user("a", inside=multi(cardinality="10000")) + flows("s>a")), round_trip=False)
    assert len(play.tasks) == 10_000
    assert not play.incidents


def test_a_join_that_starves_is_an_incident_and_its_token_can_be_moved() -> None:
    body = (
        start()
        + gateway("exclusive", "x", default="x_b")
        + user("a")
        + user("b")
        + gateway("parallel", "j")
        + user("z")
    )
    play = Player(process(body + flows("s>x", "x>a ? false", "x>b", "a>j", "b>j", "j>z"))).do("b")
    assert play.rules == ["join-starved"]
    (incident,) = play.incidents.values()
    play.send(IncidentRetried(incident.incident_key))
    assert play.rules == ["join-starved"]
    play.send(TokenMoved(incident.token_key, "z"))
    assert (play.open, play.incidents) == (["z"], {})
    assert play.do("z").done


def test_a_step_that_was_discarded_is_tried_again_with_its_event() -> None:
    body = start() + user("a") + gateway("exclusive", "x", default="x_e") + script("k", "1", "v") + end()
    play = Player(process(body + flows("s>a", "a>x", "x>k ? again", "x>e", "k>x")), {"again": True}, round_trip=False)
    play.do("a")
    assert play.rules == ["step-bound"]
    assert play.open == ["a"]
    assert play.state is not None
    play.send(VariablesEdited(play.state.root, {"again": False}))
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert play.done


def test_a_compensation_event_subprocess_undoes_its_completed_subprocess() -> None:
    handler = start("hs", COMPENSATE) + script("h", 'append(log, "h" + string(x))', "log") + throw("ht", COMPENSATE)
    inner = start("is") + compensable("a", "ua") + event_sub("es", handler + flows("hs>h", "h>ht")) + flows("is>a")
    body = start() + sub("p1", inner, io({"x": "=5"})) + script("x9", "9", "x") + end("e", COMPENSATE)
    play = Player(process(body + flows("s>p1", "p1>x9", "x9>e")), {"log": [], "x": 1})
    assert play.variables["log"] == ["a", "h5", "ua5"]
    assert play.done


def test_a_compensation_that_nobody_waits_for_runs_beside_the_thrower() -> None:
    body = start() + user("a") + boundary("ab", "a", COMPENSATE) + user("ua", isForCompensation="true")
    body += '<association id="as" sourceRef="ab" targetRef="ua"/>' + user("z")
    body += throw("t", '<compensateEventDefinition waitForCompletion="false"/>') + flows("s>a", "a>t", "t>z")
    play = Player(process(body)).do("a")
    assert play.open == ["ua", "z"]
    assert not play.do("z").done
    assert play.do("ua").done


def test_bpmn_s_own_loop_data_names_the_collection() -> None:
    data = '<dataObject id="d1" name="list"/><dataObject id="d2" name="results"/>'
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>d1</loopDataInputRef><loopDataOutputRef>d2"
        '</loopDataOutputRef><inputDataItem id="ii" name="item"/><outputDataItem id="oi" name="r"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    source = process(data + start() + script("k", "item + 1", "r", inside=loop) + end() + flows("s>k", "k>e"))
    assert Player(source, {"list": [1, 2]}).variables["results"] == [2, 3]


def test_an_instance_starts_at_an_instantiating_gateway_or_receive_task() -> None:
    def source(kind: str) -> bytes:
        body = gateway("eventBased", "g", instantiate="true", eventGatewayType=kind) + catch("m", message("N"))
        body += catch("o", message("O")) + user("a") + user("b") + flows("g>m", "g>o", "m>a", "o>b")
        return process(body, SHARED + '<message id="O" name="other"/>')

    play = Player(source("Exclusive"), {"x": 1}, start_event="m")
    assert (play.open, play.messages, play.variables) == (["a"], {}, {"x": 1})
    play = Player(source("Parallel"), start_event="m")
    assert [one.message_name for one in play.messages.values()] == ["other"]
    assert play.deliver("other").open == ["a", "b"]
    receive = '<receiveTask id="r" instantiate="true" messageRef="N"/>' + user("a") + flows("r>a")
    assert Player(process(receive, SHARED), start_event="r").open == ["a"]


def undoable(name: str) -> str:
    return (
        user(name)
        + boundary(f"b_{name}", name, COMPENSATE)
        + user(f"undo_{name}", isForCompensation="true")
        + f'<association id="as_{name}" sourceRef="b_{name}" targetRef="undo_{name}"/>'
    )


def calling(callee: str) -> Player:
    """``p`` calls ``q`` of another file, and undoes it once it has completed."""
    definition = extension('<zeebe:calledElement processId="q"/>')
    body = (
        start()
        + f'<callActivity id="c">{definition}</callActivity>'
        + throw("t", COMPENSATE)
        + user("z")
        + flows("s>c", "c>t", "t>z")
    )
    play = Player(process(body))
    other = read(process(callee, name="q"), "other")
    play.graphs[other.hash] = other
    return play.send(DefinitionResolved(play.last[0].request_key, GraphRef(other.hash, "q")))


def test_what_a_process_of_another_file_completed_is_undone_by_its_own_handlers() -> None:
    play = calling(start() + undoable("a") + flows("s>a")).do("a")
    assert play.open == ["undo_a"]
    assert len(play.state.graph_hashes()) == 2
    assert play.do("undo_a").open == ["z"]
    assert len(play.state.graph_hashes()) == 1


def test_a_compensation_event_subprocess_undoes_a_called_process_as_a_whole() -> None:
    handler = event_sub("es", start("es_s", COMPENSATE) + user("h") + flows("es_s>h"))
    play = calling(start() + undoable("a") + handler + flows("s>a")).do("a", paid=5)
    assert play.open == ["h"]
    assert play.do("h").open == ["z"]


def test_a_cancel_inside_a_nested_subprocess_leaves_the_transaction() -> None:
    inner = sub("in", start("ii") + end("ce", CANCEL) + flows("ii>ce"))
    for before, undone in (("", []), (undoable("a"), ["undo_a"])):
        way = flows("i>a", "a>in") if before else flows("i>in")
        body = start() + sub("tx", start("i") + before + inner + way, "", "transaction")
        play = Player(process(body + boundary("b", "tx", CANCEL) + user("z") + flows("s>tx", "b>z")))
        if before:
            assert play.do("a").open == undone
            play.do("undo_a")
        assert play.open == ["z"]


def role(kind: str, inside: str) -> str:
    return f"<{kind}>{inside}</{kind}>"


def by(expression: str) -> str:
    written = f"<formalExpression>{expression}</formalExpression>"
    return f"<resourceAssignmentExpression>{written}</resourceAssignmentExpression>"


def test_the_standards_own_roles_say_who_does_a_task() -> None:
    roles = role("humanPerformer", by("=who")) + role("potentialOwner", "<resourceRef>R</resourceRef>")
    body = (
        start() + user("a", inside=roles) + user("b", inside=role("potentialOwner", by("x, y"))) + flows("s>a", "a>b")
    )
    play = Player(process(body, '<resource id="R" name="reviewers"/>'), {"who": "lee"})
    assert (task(play, "a").assignee, task(play, "a").candidate_groups) == ("lee", ("reviewers",))
    assert task(play.do("a"), "b").candidate_groups == ("x", "y")


def plain_script(text: str, inside: str = "") -> bytes:
    written = f'<scriptTask id="k" scriptFormat="FEEL">{inside}<script>{text}</script></scriptTask>'
    return process(start() + written + user("a") + flows("s>k", "k>a"))


def test_a_script_of_the_standard_in_feel_makes_variables() -> None:
    assert Player(plain_script("={total: n + 1, seen: true}"), {"n": 1}).variables == {"n": 1, "total": 2, "seen": True}
    output = '<ioSpecification><dataOutput id="o" name="total"/></ioSpecification>'
    assert Player(plain_script("=n + 1", output), {"n": 1}).variables == {"n": 1, "total": 2}
    assert Player(plain_script("=n + 1"), {"n": 1}).rules == ["script-result"]
