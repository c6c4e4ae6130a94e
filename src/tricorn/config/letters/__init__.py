"""Letters behind Manage: where the web's pages and outgoing mail meet.

The doors do not know one another; only the roof knows both.
"""
