"""What a job reads is what the execution sends it: the table in the contracts holds every name."""

import inspect
import re

import pytest

from activities import case_jobs, credit_jobs, letter_jobs, notify_jobs, order_jobs, share_jobs
from activities.contracts import FETCHED
from jiannuo.worker import job_handlers

READ = re.compile(r"""job\.(?:text|variables\.get)\("(\w+)"\)|job\.variables\["(\w+)"\]""")


def test_every_job_type_says_what_it_reads() -> None:
    assert set(job_handlers()) <= set(FETCHED)


@pytest.mark.parametrize("module", [case_jobs, credit_jobs, letter_jobs, notify_jobs, order_jobs, share_jobs])
def test_no_handler_reads_a_variable_that_is_not_sent(module: object) -> None:
    read = {name for pair in READ.findall(inspect.getsource(module)) for name in pair if name}  # type: ignore[arg-type]
    sent = {name for type_ in module.HANDLERS for name in FETCHED[type_]}  # type: ignore[attr-defined]
    assert read == sent
