"""Uploaded photos are decoded and written anew."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import pictures
from core.pictures import clean_photo

ORIENTATION, GPS = 0x0112, 0x8825
LEFT_SIDE_DOWN = 6


def upload(picture: Image.Image, kind: str = "JPEG", **options: Any) -> SimpleUploadedFile:
    written = BytesIO()
    picture.save(written, kind, **options)
    return SimpleUploadedFile("photo", written.getvalue())


def cleaned(uploaded: SimpleUploadedFile) -> Image.Image:
    return Image.open(clean_photo(uploaded))


def test_place_comment_and_name_are_gone():
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "Maker"
    secret = upload(Image.new("RGB", (30, 20)), exif=exif, comment=b"Nanning")

    written = clean_photo(secret)

    assert Image.open(secret).getexif()
    assert not Image.open(written).getexif()
    content = clean_photo(secret).read()
    assert b"Maker" not in content
    assert b"Nanning" not in content
    assert written.name.endswith(".jpg")
    assert "photo" not in written.name


def test_picture_is_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = LEFT_SIDE_DOWN

    assert cleaned(upload(Image.new("RGB", (300, 200)), exif=exif)).size == (200, 300)


def test_large_picture_is_shrunk():
    assert cleaned(upload(Image.new("RGB", (4000, 1000)))).size == (2000, 500)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_pixel_becomes_plain_colour(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    written = cleaned(upload(Image.new(mode, (20, 20)), kind))

    assert (written.format, written.mode) == ("JPEG", "RGB")


def test_transparent_becomes_white():
    assert cleaned(upload(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(8000, 5001), (12_000, 12_000), (20_000, 20_000)])
def test_bomb_is_refused_by_its_head(size):
    bomb = upload(Image.new("1", size), "PNG")

    with pytest.raises(ValidationError) as refused:
        clean_photo(bomb)

    assert refused.value.code == "large"


def test_heavy_file_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)

    with pytest.raises(ValidationError) as refused:
        clean_photo(upload(Image.new("RGB", (300, 200))))

    assert refused.value.code == "heavy"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PDF"])
def test_other_formats_are_refused(kind):
    with pytest.raises(ValidationError):
        clean_photo(upload(Image.new("RGB", (30, 20)), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_refused(kind):
    whole = upload(Image.effect_noise((200, 200), 80).convert("RGB"), kind).read()

    for damaged in (whole[: len(whole) // 2], whole[:40], b"<svg/>", b""):
        with pytest.raises(ValidationError) as refused:
            clean_photo(SimpleUploadedFile("photo.jpg", damaged))
        assert refused.value.code == "picture"
