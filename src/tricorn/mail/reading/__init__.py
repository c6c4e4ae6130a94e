"""Bytes of a mail in, plain data out. Knows no database, no Django and no clock."""

from tricorn.mail.reading.letter import Address, Attachment, Bounce, Limits, Read, Unreadable
from tricorn.mail.reading.reader import read

__all__ = ["Address", "Attachment", "Bounce", "Limits", "Read", "Unreadable", "read"]
