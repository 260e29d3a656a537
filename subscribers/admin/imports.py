"""Bringing readers in: the file, its columns, a dry run, the run. The worker does the rows, and never the page."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from django.contrib import admin

from subscribers.models import Import


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    """The imports so far, and the way of a new one."""
