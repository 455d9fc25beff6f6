"""What happened, on disk before anything else depends on it: SQLite, migrations, recordings."""
