"""Documentation is tested: every command, every option, the commands that it shows, its links."""

import re
import shlex

import click

from tests.house.ground import ROOT, name, texts
from tricorn.cli import tricorn

COMMANDS = ROOT / "docs" / "commands.md"
FENCE = re.compile(r"^```(?:sh|console|bash)?\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = ("make ", "tricorn ", "./tricorn ")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")


def walk(command: click.Command, path: tuple[str, ...] = ()):
    """Every command below this one that does something itself, with its full name."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            child = command.get_command(context, word)
            assert child is not None, word
            yield from walk(child, (*path, word))
    else:
        yield path, command


def said_about(path):
    """The part of docs/commands.md about one command: from its heading to the next."""
    text = COMMANDS.read_text(encoding="utf-8")
    heading = re.escape("tricorn " + " ".join(path))
    found = re.search(rf"^##+ `{heading}(?: [^`]*)?`\n.*?(?=^##|\Z)", text, re.M | re.S)
    return found.group() if found else ""


def options_of(command):
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


def test_every_command_has_a_part_of_its_own_in_the_documentation():
    commands = [" ".join(path) for path, _ in walk(tricorn) if not said_about(path)]

    assert commands == [], "docs/commands.md needs a heading for each: ## `tricorn NAME ...`"


def test_every_option_is_written_down_with_its_command():
    missing = [
        f"{' '.join(path)} {name}"
        for path, command in walk(tricorn)
        for option in options_of(command)
        for name in option.opts
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said_about(path))
    ]

    assert missing == []


def test_every_command_and_every_option_says_what_it_does():
    silent = [" ".join(path) for path, command in walk(tricorn) if not command.help]
    silent += [
        f"{' '.join(path)} {option.opts[0]}"
        for path, command in walk(tricorn)
        for option in options_of(command)
        if not option.help
    ]

    assert silent == []


def test_every_command_that_a_document_shows_exists():
    known = [path for path, _ in walk(tricorn)]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    asked = [words for _, text in texts(".md") for words in commands_in(text)]

    assert len(asked) > 20, "the documents show no commands"
    unknown = [
        " ".join(words)
        for words in asked
        if (words[0] == "make" and words[1:] and words[1] not in targets)
        or (
            words[0] in {"tricorn", "./tricorn"}
            and words[1] != "--dev"
            and not any(tuple(words[1 : len(path) + 1]) == path for path in known)
        )
    ]
    assert unknown == []


def commands_in(text):
    """The command lines of the fenced blocks, split into words, without prompt and comment."""
    blocks = (block["body"].replace("\\\n", " ") for block in FENCE.finditer(text))
    lines = (line.removeprefix("$ ") for block in blocks for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines if line.startswith(SHOWN)]


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{name(path)}: {found['target']}"
        for path, text in texts(".md")
        for found in LINK.finditer(text)
        if "://" not in found["target"]
        and not found["target"].startswith("mailto:")
        and not (path.parent / found["target"]).exists()
    ]

    assert broken == []


def test_every_decision_stands_in_their_list_by_its_own_title():
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    titles = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        for path in folder.glob("[0-9]*.md")
    }

    assert listed == sorted(titles)
    assert all(
        f"[{title}]({file})" in (folder / "README.md").read_text(encoding="utf-8")
        for file, title in titles.items()
    )
