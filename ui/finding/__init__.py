"""Read models of the search screen: who is meant, what the chart holds, what a search found."""
