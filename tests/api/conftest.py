"""The site that tests of this folder talk to."""

from tests.api.web_site import as_before, site

__all__ = ["as_before", "site"]
