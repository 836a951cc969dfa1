"""How each kind of analysis is shown: sentences, tables, figures; one file a kind."""
