"""A lender's file becomes contracts, parties, vehicles, dues and payments."""
