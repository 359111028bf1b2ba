"""Looking after the database: backups, restoring, verifying, vacuuming, purging."""
