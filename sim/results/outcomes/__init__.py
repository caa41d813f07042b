"""What releases come to beyond counts: beds, money, routes, destinations, supervision, returns, shares."""
