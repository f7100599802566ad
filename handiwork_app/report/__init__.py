"""What a run leaves for people: figures, plots, videos and a recording, made from its files."""
