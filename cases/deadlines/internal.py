"""Clocks that run beside the procedure of a case and are none of its parties' business."""

# A breach risk is between the units that watch it: of it a party sees the letters that it gets, nothing else.
INTERNAL = frozenset({"risk_watch", "risk_again"})
# These only set the hour of the next reminder: nobody has anything to do by them, so no page lists them.
REMINDERS = frozenset({"risk_again"})
# And what is done there, also where the question is only whether it is a risk, before any clock runs.
INTERNAL_ACTS = frozenset(
    {"raise_risk", "dismiss_risk", "end_risk", "send_reminder", "dismiss_reminder", "send_warning", "dismiss_warning",
     "dismiss_interview"}
)  # fmt: skip
