"""Abstract models of the kernel."""

import uuid

from django.db import models


class PublicIdModel(models.Model):
    """A row that URLs name by an unguessable id."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
