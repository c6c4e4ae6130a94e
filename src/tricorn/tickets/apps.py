from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tricorn.tickets"
    label = "tickets"

    def ready(self) -> None:
        from tricorn.journal.reactors import register
        from tricorn.search.kinds import register as register_source
        from tricorn.tickets.jobs import KINDS, note_move
        from tricorn.tickets.verbs.found import TICKETS

        register("clocks that move", KINDS, note_move)
        register_source("ticket", TICKETS)
