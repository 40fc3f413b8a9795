"""Who we deal with: lenders, borrowers, guarantors, contact points."""
