"""The number of the rules that new cases begin at unless a setting says otherwise."""

from __future__ import annotations

BEGUN = 3
"""One that the release before knows too; before the first release the newest. ``bpmn.semantics`` holds the sets."""
