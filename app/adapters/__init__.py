"""How the outside is reached: one port, one package."""
