"""Paths that may be followed because they are ours."""

from __future__ import annotations


def local(path: str | None, otherwise: str = "/") -> str:
    """A path of ours: never another site's, also not written as //host or with a backslash."""
    ours = path and path.startswith("/") and not path.startswith("//") and "\\" not in path and "\n" not in path
    return path if ours and path else otherwise


LISTS = ("/tasks", "/cases", "/people/tasks", "/orders")


def list_of(path: str | None) -> str:
    """The list that somebody came from, with its filters and page; empty for anything else."""
    found = local(path, "")
    return found if found.partition("?")[0] in LISTS else ""
