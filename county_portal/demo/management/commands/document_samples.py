"""`manage.py document_samples --out DIR`: sample documents of every layout, to look at."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county_portal.demo.samples import Sample, samples


class Command(BaseCommand):
    help = "Set sample documents of every layout and kind as PDF and Word, with pictures of their pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether only the pictures, as docs/公文样张 holds them."""
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--images-only", action="store_true", help="only the pictures of pages")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files; those of the same names are overwritten."""
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        for sample in samples():
            self._write(sample, folder, images_only=options["images_only"])

    def _write(self, sample: Sample, folder: Path, *, images_only: bool) -> None:
        pdf = sample.pdf()
        if not images_only:
            (folder / f"{sample.name}.pdf").write_bytes(pdf)
            if sample.docx:
                (folder / f"{sample.name}.docx").write_bytes(sample.docx())
        for number, image in self._images(sample, pdf).items():
            (folder / f"{sample.name}-{number}.png").write_bytes(image)
        self.stdout.write(sample.name)

    @staticmethod
    def _images(sample: Sample, pdf: bytes) -> dict[int, bytes]:
        try:
            from county_portal.demo.page_images import page_images  # noqa: PLC0415 -- a developer's library
        except ImportError as error:
            raise CommandError(
                "生成页面图片需要pypdfium2，请先安装requirements-dev.txt。"
            ) from error
        return page_images(pdf, sample.pages)
