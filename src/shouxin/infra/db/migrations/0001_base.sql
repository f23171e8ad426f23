-- What the application may see before any table of a room is there. Later migrations grant table by table: nothing is granted by default.

GRANT USAGE ON SCHEMA shouxin TO shouxin_app;
GRANT SELECT ON migration TO shouxin_app;
