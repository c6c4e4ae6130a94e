"""Packages form a ladder, and imports look down only."""

import os
import tomllib

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from tests.house.ground import ROOT, SOURCE


def contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_imports_look_down_only(capsys):
    configure()

    kept = lint_imports(
        config_filename=os.fspath(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True
    )

    assert kept, capsys.readouterr().out


def test_every_package_stands_on_the_ladder():
    (ladder,) = [contract for contract in contracts() if contract["type"] == "layers"]
    rungs = {name.strip(" ()") for layer in ladder["layers"] for name in layer.split("|")}

    packages = {f"tricorn.{path.parent.name}" for path in SOURCE.glob("*/__init__.py")}

    assert packages - rungs == set()
