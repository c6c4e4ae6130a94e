"""Incoming mail: letters are kept first, whatever happens next, and then filed."""
