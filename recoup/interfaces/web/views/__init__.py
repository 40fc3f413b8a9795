"""Views: each translates a request into one service or query call, and the answer into a page."""
