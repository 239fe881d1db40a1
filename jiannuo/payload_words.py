"""What most payloads have in common, for the compressor: shapes of events and messages, the commonest ones last.

A word list is never changed, since histories were written with it: a better one gets a number of its own, in
``jiannuo.payloads`` beside the earlier ones.
"""

from __future__ import annotations

WORDS_1 = (
    '{"kind":"InstanceStarted","ref":{"kind":"GraphRef","hash":"","process_id":"complaint"},"business_key":"'
    '","variables":{"accepting_unit":"ACC-","credit_lead_unit":"LEAD-","region_drc_unit":"DRC-150000","review_unit":"'
    '","league_region_code":"","region_region_code":"150000","case_id":"","received_at":"","channel":"'
    '","channel_referrer":"credit_lead_dept","handling_from":null,"explanation_asked":false,"domain":"PROC",'
    '"complainant_eligible":true,"respondent_eligible":true,"unsigned_rule":"ask","contract_signed":true,'
    '"respondent_unit":"","respondent_top":false,"disputed_amount":,"escalation_amount":10000000,"record_source":"'
    '违约失信","suspended":false,"returns":0,"measures_open":0}}'
    '{"kind":"MessageDelivered","subscription_key":,"message_id":"'
    '{"kind":"DecisionEvaluated","request_key":,"result":'
    '{"kind":"DeadlineSet","deadline_key":,"revision":0,"due":null,"due_at":null}'
    '{"fire":true,"event":null}{"deadline_key":,"revision":1,"rung":"remind","at":"'
    '{"measure":"","code":"","basis":"triggers":["grounds":"'
    '"rectification_days":null,"result":"substantiated","to":"'
    'notifyclockrungwaits_forremindcase.notecase.referrercase.ratedsatisfaction'
    '征询核实通知书限期整改通知书投诉受理告知书线索转交函办理结果反馈函违约失信认定书'
    'letter.prepareletter.issue{"variables":"{\\"served_at\\":\\"\\",\\"number\\":\\"信用〔2026〕号\\"}"}'
    '{"at":"","element_id":"prepare","headers":{},"instance_id":"complaint:","key":,"properties":"{}",'
    '"type":"letter.prepare","variables":"{\\"kind\\":\\"\\",\\"issuer\\":\\"\\",\\"drafter_role\\":\\"\\",\\"facts\\":{}}"}'
    '{"at":"","element_id":"send","headers":{},"instance_id":"complaint:","key":,"properties":"{}",'
    '"type":"letter.issue","variables":"{\\"letter_id\\":\\"complaint:\\"}"}'
    '{"variables":"{\\"letter_id\\":\\"complaint:\\",\\"steps\\":[\\"draft\\",\\"review\\",\\"issue\\"],\\"drafters\\":[\\"'
    'verifying_dept@\\"],\\"reviewers\\":[\\"head@\\",\\"verifying_dept@\\"],\\"issuers\\":[\\"head@\\"]}"}'
    '{"step":,"digest":"","at":"+00:00","events":["{\\"kind\\":\\"DefinitionResolved\\",\\"request_key\\":,\\"ref\\":'
    '{\\"kind\\":\\"GraphRef\\",\\"hash\\":\\"\\",\\"process_id\\":\\"letter\\"}}","{\\"kind\\":\\"DeadlineSet\\",'
    '\\"deadline_key\\":,\\"revision\\":1,\\"due\\":\\"2026-\\",\\"due_at\\":\\"T16:00:00+00:00\\",\\"rungs\\":{\\"due\\":\\"'
    'T00:00:00+08:00\\",\\"remind\\":\\"T09:00:00+08:00\\",\\"overdue_1\\":\\"T09:00:00+08:00\\",\\"overdue_3\\":\\"'
    'T09:00:00+08:00\\",\\"overdue_5\\":\\"T09:00:00+08:00\\"},\\"provisional\\":true}"],"more":false,"graphs":[]}'
    '{"step":,"digest":"","at":"2026-","events":[],"more":false,"graphs":[]}'
    '{"instance_id":"complaint:","entries":[{"number":,"event":"{\\"kind\\":\\"JobCompleted\\",\\"job_key\\":,'
    '\\"variables\\":{\\"","at":"2026-","digest":"","submission_id":null,"actor":null}],"last_step":}'
    '{"kind":"TaskCompleted","task_key":,"variables":{"submission":"","act":"accept","acted_at":"2026-","actor_unit":"'
    '","actor_role":"accepting_dept respondent head complainant"}}","actor":"account:","submission_id":"'
    '{"submission_id":"","event":"{\\"kind\\":\\"TaskCompleted\\",\\"task_key\\":,\\"variables\\":{\\"submission\\":\\"\\",'
    '\\"act\\":\\"\\",\\"acted_at\\":\\"2026-T+08:00\\",\\"actor_unit\\":\\"\\",\\"actor_role\\":\\"verifying_dept\\"}}",'
    '"actor":"account:"}'
    '{"instance_id":"complaint:","entries":[{"number":,"event":"{\\"kind\\":\\"TaskCompleted\\",\\"task_key\\":,'
    '\\"variables\\":{\\"submission\\":\\"\\",\\"act\\":\\"\\",\\"acted_at\\":\\"2026-T+08:00\\",\\"actor_unit\\":\\"\\",'
    '\\"actor_role\\":\\"\\"}}","at":"2026-T.+00:00","digest":"","submission_id":"","actor":"account:"}],"last_step":}'
    '\n\x16\n\x08encoding\x12\njson/plain\x12json/jiannuo-answers'
).encode()
