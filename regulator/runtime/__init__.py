"""How the portal is started and watched on one machine. Knows processes and commands, and no case."""
