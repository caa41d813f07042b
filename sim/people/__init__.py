"""Who is inside and how they came to be: flows of sentences, their history, and the published margins."""
