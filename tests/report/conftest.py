"""The page under test is the one that the workflow's tests make."""

from ..workflow.conftest import finished

__all__ = ["finished"]
