"""The examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import guidelines

MODULES = [
    "guidelines",
    *(f"guidelines.{module.name}" for module in pkgutil.iter_modules(guidelines.__path__)),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
