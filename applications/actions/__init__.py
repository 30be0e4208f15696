"""What people do to rounds, applications and pilots: one function per act, one module per matter."""
