"""Tickets: the list, one of them, its conversation and clocks, and every verb."""
