"""What every test of a whole server needs: a server process, a PostgreSQL of its own, a client, and waiting with a bound."""
