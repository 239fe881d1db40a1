"""Clocks that run beside the procedure of a case and are none of its parties' business."""

# A breach risk is between the units that watch it: of it a party sees the letters that it gets, nothing else.
INTERNAL = frozenset({"risk_watch"})
