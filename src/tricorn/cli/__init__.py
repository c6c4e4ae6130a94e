"""The `tricorn` command. Each subcommand is loaded only when it is called.

So `tricorn hours` starts without Django, and a command with a broken import breaks alone.
"""

import os
import sys
from importlib import import_module

import click

from tricorn import __version__
from tricorn.engine.errors import Refusal

# name -> (where its click command is, as module:attribute; what it does in one line)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("tricorn.cli.up:up", "Start Tricorn: web server and worker, until Ctrl-C."),
    "hours": ("tricorn.cli.hours:hours", "Due times and service time from service hours."),
    "roles": ("tricorn.cli.roles:roles", "What each naming scheme calls people, from their facts."),
    "agreement": (
        "tricorn.cli.agreement:agreement",
        "Read, compare, prove, export agreements; put one into force.",
    ),
    "replay": (
        "tricorn.cli.replay:replay",
        "Try another agreement on the tickets that really happened.",
    ),
    "live": ("tricorn.cli.live:live", "People for a telephone or a chat, by Erlang's formulas."),
    "ticket": ("tricorn.cli.ticket:ticket", "A ticket and its clocks, with every reason."),
    "import": ("tricorn.cli.import_:import_", "Bring real tickets in from a file."),
    "search": ("tricorn.cli.search:search", "The index of words, built anew."),
    "token": ("tricorn.cli.token:token", "Access for programs, in somebody's name."),
    "export": ("tricorn.cli.export:export", "Everything that is kept here, as CSV and JSON."),
    "verify": ("tricorn.cli.verify:verify", "Has anybody changed the past?"),
    "doctor": ("tricorn.cli.doctor:doctor", "Is everything here that Tricorn needs?"),
    "mail": ("tricorn.cli.mail:mail", "Letters that come in: fetch them, take them, read them."),
    "worker": ("tricorn.cli.worker:worker", "Deliver and seal; tricorn up starts one."),
}


class Commands(click.Group):
    """A group that knows its commands by name and imports them when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version=__version__, prog_name="tricorn")
def tricorn() -> None:
    """Service management that keeps client, customer and user apart.

    Results go to standard output, everything else to standard error.
    Exit status: 0 done, 1 refused or failed, 2 wrong use.
    """


def main(args: list[str] | None = None) -> None:
    """Run one command; a refusal is one sentence on standard error and exit status 1."""
    try:
        tricorn.main(args=args, prog_name="tricorn")
    except Refusal as refusal:
        click.echo(f"tricorn: {refusal}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; let Python close it without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
