from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tricorn.tickets"
    label = "tickets"
