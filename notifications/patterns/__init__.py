"""What one case cannot show: two notifications of one incident, and incidents that rise together. Pure."""
