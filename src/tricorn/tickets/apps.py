from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tricorn.tickets"
    label = "tickets"

    def ready(self) -> None:
        from tricorn.journal.reactors import register
        from tricorn.tickets.jobs import KINDS, note_move

        register("clocks that move", KINDS, note_move)
