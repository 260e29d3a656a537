"""A file of readers on its way in: what it is, how it is to be read, and how far it has come."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from subscribers.models.subscriber import Language


class ImportState(models.TextChoices):
    """Where an import stands. The moves between these live in `subscribers/transfer/jobs.py` only."""

    UPLOADED = "uploaded", gettext_lazy("uploaded")  # the file is here; what its columns mean hasn't been said
    CHECKING = "checking", gettext_lazy("being checked")  # a dry run is due or under way
    CHECKED = "checked", gettext_lazy("checked")
    RUNNING = "running", gettext_lazy("running")  # due, or under way
    DONE = "done", gettext_lazy("done")
    CANCELLED = "cancelled", gettext_lazy("cancelled")
    FAILED = "failed", gettext_lazy("failed")  # may be taken up again


class ImportPurpose(models.TextChoices):
    """What is to become of the people in a file."""

    READERS = "readers", gettext_lazy("they become readers")
    GONE = "gone", gettext_lazy("they are never mailed")  # they left elsewhere: on the suppression list


AT_WORK = frozenset({ImportState.CHECKING, ImportState.RUNNING})
OPEN = frozenset({ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED}) | AT_WORK  # the file is still here


class Import(models.Model):
    """One import. Its file and its list of refused rows lie under VAR_DIR/imports, which no web server serves."""

    name = models.CharField(max_length=255)  # of the file, as it was uploaded
    purpose = models.CharField(max_length=8, choices=ImportPurpose.choices, default=ImportPurpose.READERS)
    size = models.BigIntegerField(default=0)  # bytes of the file as it is kept
    encoding = models.CharField(max_length=16)  # as it was uploaded; it is kept as UTF-8
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    uploaded_at = models.DateTimeField()
    header = models.JSONField()  # the columns' names, as they stand there
    delimiter = models.CharField(max_length=1)
    roles = models.JSONField()  # what each column is taken for: transfer.columns.Role
    basis = models.TextField(blank=True)  # on what these people consented; kept with each of them
    language = models.CharField(max_length=4, choices=Language.choices, default=Language.BOTH)  # where a row has none
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED)
    # How far it has come: committed together with the readers of the rows before.
    position = models.BigIntegerField(default=0)  # bytes of the file
    line = models.PositiveIntegerField(default=0)  # lines of the file
    errors_size = models.BigIntegerField(default=0)  # bytes of the list of refused rows
    report = models.JSONField(default=dict)  # transfer.importing.Report, of the run or of the dry run
    foreseen = models.JSONField(default=dict)  # the dry run's, once the run has begun
    # Whoever works on it says until when nobody else need; null: nobody does.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # since it last came any further
    failure = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # of the run itself, not the dry run
    changed_at = models.DateTimeField()  # the last move of its state
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("import of readers")
        verbose_name_plural = gettext_lazy("imports of readers")

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def path(self) -> Path:
        """The file, in UTF-8, its lines ended by a line feed; gone once nothing more is to be done with it."""
        return self.folder() / f"{self.pk}.csv"

    @property
    def errors_path(self) -> Path:
        """The rows that were not taken: line, address, reason. Kept for a while after the file itself is gone."""
        return self.folder() / f"{self.pk}.errors.csv"

    @staticmethod
    def folder() -> Path:
        """For the service's own account alone: it holds lists of people."""
        folder = Path(settings.VAR_DIR) / "imports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
