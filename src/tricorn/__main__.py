"""`python -m tricorn` is the `tricorn` command."""

from tricorn.cli import main

main()
