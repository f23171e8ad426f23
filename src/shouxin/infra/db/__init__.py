"""The database: PostgreSQL 15 or newer, which starts by itself from a data folder, or a real server named by `DATABASE_URL`.

Read `connect.py` first: it says where the database is and how it is spoken to. `server.py` starts and stops the embedded server,
`migrate.py` brings the tables up to date, `backup.py` and `restore.py` carry everything to another place.
"""
