"""The door to rounds, applications and pilots: reads only, one module per matter."""
