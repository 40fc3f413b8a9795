"""What the tests stand on: their database server, the browser."""
