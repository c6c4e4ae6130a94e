"""Exports of service desks, read without a database."""
