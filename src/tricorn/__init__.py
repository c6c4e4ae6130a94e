"""Tricorn: service management for the client, the customer and the user."""

__version__ = "0.1.0"
