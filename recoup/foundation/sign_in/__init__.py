"""Who is signed in: sessions, keys of services, passwords."""
