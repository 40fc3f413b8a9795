"""The command line: run, night, intake, replay."""
