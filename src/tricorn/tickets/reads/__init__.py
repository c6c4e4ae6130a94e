"""Page-shaped reads of tickets, one file per page: frozen values, a fixed number of queries."""
