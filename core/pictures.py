"""Photos from outside: decoded once and written anew, so that only the picture itself is kept (guarantees 4)."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
QUALITY = 85
TOO_HEAVY = _("The picture has more than 12 MB. Please take a smaller one.")
TOO_LARGE = _("The picture has more than 40 million pixels. Please take a smaller one.")
NO_PICTURE = _("This is no picture that can be read. JPEG, PNG and WebP are accepted.")


def clean_photo(uploaded: Any) -> ContentFile:
    """The picture as a JPEG of at most 2000 pixels a side, upright, without place, camera or name of the file.

    Raises `ValidationError`. The size is read from the head of the file, before anything is decoded.
    """
    if uploaded.size > MOST_BYTES:
        raise ValidationError(TOO_HEAVY, code="heavy")
    try:
        with Image.open(uploaded, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(TOO_LARGE, code="large")
            return _written_anew(picture)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE, code="large") from error
    except Exception as error:  # decoders of damaged files raise whatever they stumble over
        raise ValidationError(NO_PICTURE, code="picture") from error


def _written_anew(picture: Image.Image) -> ContentFile:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        clean = Image.new("RGB", upright.size, "white")
        clean.paste(upright, mask=upright.getchannel("A"))
    else:
        clean = Image.new("RGB", upright.size)
        clean.paste(upright.convert("RGB"))
    written = BytesIO()
    clean.save(written, "JPEG", quality=QUALITY)
    return ContentFile(written.getvalue(), name=f"{uuid4().hex}.jpg")
