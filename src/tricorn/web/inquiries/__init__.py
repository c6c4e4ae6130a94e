"""Complaints that name somebody of us: what a reviewer reads, and what is asked of who is named."""
