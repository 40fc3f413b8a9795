"""What Recoup claims about speed, runnable by anyone: `make bench`."""
