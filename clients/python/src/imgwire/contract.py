"""Parameters and replies.

Generated from the contract of the service by generate.ts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

Fit: TypeAlias = Literal["cover", "contain", "fill", "inside", "outside"]
Position: TypeAlias = Literal[
    "center",
    "top",
    "right top",
    "right",
    "right bottom",
    "bottom",
    "left bottom",
    "left",
    "left top",
    "entropy",
    "attention",
]
WatermarkPosition: TypeAlias = Literal[
    "center",
    "top",
    "right top",
    "right",
    "right bottom",
    "bottom",
    "left bottom",
    "left",
    "left top",
    "tile",
]
OutputFormat: TypeAlias = Literal["jpeg", "png", "webp", "avif", "gif", "tiff", "auto"]
MetadataKept: TypeAlias = Literal["strip", "copyright", "keep"]
Order: TypeAlias = Literal["id", "newest"]
ImageFormat: TypeAlias = Literal["jpeg", "png", "webp", "avif", "gif", "tiff", "svg"]
MediaType: TypeAlias = Literal[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/gif",
    "image/tiff",
    "image/svg+xml",
]


class Transformation(TypedDict, total=False):
    """Parameters of `resize`, all optional."""

    width: int
    """Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio."""

    height: int
    """Height of the result in pixels."""

    dpr: float
    """Device pixel ratio: multiplies width and height, but not pad."""

    fit: Fit
    """How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect
    ratio, inside and outside keep it and make the result at most or at least that large.
    """

    position: Position
    """Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the
    region with the most detail or the most salient one.
    """

    focus: str | Sequence[float] | float
    """x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from
    the top left. Overrides position.
    """

    enlarge: bool
    """Whether to enlarge an image that is smaller than width and height."""

    crop: str | Sequence[float] | float
    """left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image."""

    trim: bool
    """Trims edges that have the colour of the top left pixel. Not for animations."""

    trim_threshold: float
    """Greatest difference from the colour of the top left pixel that trim still trims. No effect without trim."""

    flip: bool
    """Mirrors vertically, top to bottom."""

    flop: bool
    """Mirrors horizontally, left to right."""

    rotate: float
    """Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill
    the corners with background.
    """

    background: str
    """CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a
    format without it. Hex digits need no #.
    """

    pad: str | Sequence[float] | float
    """Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width
    and height.
    """

    gamma: float
    """Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail
    from going dark.
    """

    grayscale: bool
    """Converts to greyscale."""

    median: int
    """Median filter, which removes specks: the side of its square window in pixels."""

    threshold: int
    """Makes pixels of at least this brightness white, and all others black."""

    blur: float
    """Gaussian blur: sigma in pixels of the result."""

    brightness: float
    """Lightness factor."""

    saturation: float
    """Saturation factor."""

    hue: int
    """Hue rotation in degrees."""

    sharpen: float
    """Unsharp mask: sigma in pixels of the result."""

    normalize: bool
    """Stretches the lightness to the full range, clipping the darkest and lightest 1 %."""

    tint: str
    """CSS colour to tint the image with; lightness is kept. Hex digits need no #."""

    negate: bool
    """Inverts the colours; transparency is kept."""

    watermark: str
    """image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit."""

    watermark_position: WatermarkPosition
    """Position of the watermark; tile repeats it over the whole result."""

    watermark_opacity: float
    """Opacity of the watermark, from 0 (invisible) to 1 (opaque)."""

    watermark_scale: float
    """Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept.
    Default: its own size.
    """

    format: OutputFormat
    """Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by
    the Accept header, if the format can hold the image's animation, and falls back to the default.
    """

    quality: int
    """Encoder quality. No effect on gif; below 100, png is reduced to a palette."""

    lossless: bool
    """Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is."""

    progressive: bool
    """Progressive jpeg, or interlaced png or gif."""

    effort: int
    """Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of
    formats has ranges and defaults.
    """

    max_bytes: int
    """Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is
    reduced to a palette if needed, a gif to a smaller one.
    """

    animated: bool
    """Keeps an animation, if the format of the result supports it (gif and webp)."""

    page: int
    """Single frame of an animation, or page of a tiff, to use, counted from 0."""

    metadata: MetadataKept
    """Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all
    EXIF and XMP data, GPS position included.
    """

    preset: str
    """Named set of parameters from the configuration; explicit parameters override it."""


class ListOptions(TypedDict, total=False):
    """Parameters of `list`, all optional."""

    order: Order
    """By image_id, or by the time of the upload, the latest first."""


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An image in the list."""

    image_id: str
    """SHA-256 of the file in lowercase hex, as sha256sum prints it."""

    size: int
    """Bytes of the whole image."""

    created_at: str
    """When the image was stored."""


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """A stored image."""

    image_id: str
    """SHA-256 of the file in lowercase hex, as sha256sum prints it."""

    created: bool
    """False if it was already stored; a best guess on engines without conditional puts."""

    format: ImageFormat

    media_type: MediaType

    width: int
    """Pixels, upright as the EXIF orientation says."""

    height: int
    """Pixels, upright as the EXIF orientation says; of one frame of an animation."""

    size: int
    """Bytes of the whole image."""


@dataclass(frozen=True, slots=True)
class RetrievedImage:
    """A stored image as it was uploaded, or a part of it."""

    data: bytes

    format: ImageFormat

    media_type: MediaType

    size: int
    """Bytes of the whole image."""


@dataclass(frozen=True, slots=True)
class ResizedImage:
    """A transformed image."""

    data: bytes

    format: ImageFormat

    media_type: MediaType

    width: int
    """Pixels."""

    height: int
    """Pixels; of one frame of an animation."""

    size: int
    """Bytes of the whole image."""


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """Description of an image."""

    format: ImageFormat

    media_type: MediaType

    width: int
    """Pixels, upright as the EXIF orientation says."""

    height: int
    """Pixels, upright as the EXIF orientation says; of one frame of an animation."""

    size: int
    """Bytes of the whole image."""

    frames: int
    """Frames of an animation or pages of a document; 1 for a still image."""

    orientation: int
    """EXIF orientation; 1 if there is none."""

    has_alpha: bool

    color_space: str
    """Colour space of the file, such as srgb, cmyk or b-w."""

    created_at: str | None = None
    """When the image was stored."""
