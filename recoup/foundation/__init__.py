"""What Django lacks for us: use cases, SQL files, the job journal, the embedded database."""
