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
    """Width of the result in pixels. If only one of width and height is given, the other follows from the aspect
    ratio.
    """

    height: int
    """Height of the result in pixels."""

    dpr: float
    """Device pixel ratio: multiplies width and height, but not pad."""

    fit: Fit
    """How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the
    aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large.
    """

    position: Position
    """Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only)
    pick the region with the most detail or the most salient one.
    """

    focus: str | Sequence[float] | float
    """Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the
    top left. Overrides position.
    """

    enlarge: bool
    """Whether to enlarge an image that is smaller than width and height."""

    crop: str | Sequence[float] | float
    """Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie
    within the image.
    """

    trim: bool
    """Trims borders of the same colour as the top left pixel. Not for animations."""

    trim_threshold: float
    """Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim."""

    flip: bool
    """Flips the image vertically, top to bottom."""

    flop: bool
    """Mirrors the image horizontally, left to right."""

    rotate: float
    """Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple
    of 90, the corners are filled with background.
    """

    background: str
    """CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if
    the format has no transparency. The # before hex digits is optional.
    """

    pad: str | Sequence[float] | float
    """Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width
    and height.
    """

    gamma: float
    """Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine
    bright detail from going dark.
    """

    grayscale: bool
    """Converts the image to greyscale."""

    median: int
    """Median filter to remove specks: side of the square window in pixels."""

    threshold: int
    """Threshold to black and white: pixels of at least this brightness become white, all others black."""

    blur: float
    """Gaussian blur: sigma in pixels of the result."""

    brightness: float
    """Multiplies the lightness by this factor."""

    saturation: float
    """Multiplies the saturation by this factor."""

    hue: int
    """Hue rotation in degrees."""

    sharpen: float
    """Unsharp mask: sigma in pixels of the result."""

    normalize: bool
    """Stretches the lightness to the full range, clipping the darkest and lightest 1 %."""

    tint: str
    """CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional."""

    negate: bool
    """Inverts the colours, but not the alpha channel."""

    watermark: str
    """image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit."""

    watermark_position: WatermarkPosition
    """Position of the watermark; tile repeats it across the whole result."""

    watermark_opacity: float
    """Opacity of the watermark, from 0 (invisible) to 1 (opaque)."""

    watermark_scale: float
    """Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect
    ratio. Default: its own size.
    """

    format: OutputFormat
    """Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP
    according to the Accept header, if the format supports the image's animation, and otherwise the default.
    """

    quality: int
    """Encoder quality. No effect on gif; a value below 100 reduces png to a palette."""

    lossless: bool
    """Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial
    transparency, jpeg never.
    """

    progressive: bool
    """Encodes a progressive jpeg or an interlaced png or gif."""

    effort: int
    """Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the
    table of formats for ranges and defaults.
    """

    max_bytes: int
    """Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a
    png is reduced to a palette, and a gif to a smaller palette.
    """

    animated: bool
    """Whether to keep all frames of an animation, if the format of the result supports it (gif and webp)."""

    page: int
    """Frame of an animation or page of a tiff to use, counted from 0."""

    metadata: MetadataKept
    """Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright
    (copyright), or all EXIF and XMP data including the GPS position (keep).
    """

    preset: str
    """Name of a set of parameters in the configuration; explicit parameters override it."""


class ListOptions(TypedDict, total=False):
    """Parameters of `list`, all optional."""

    order: Order
    """Sort order: by image_id, or by upload time, newest first."""


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An entry in the list of stored images."""

    image_id: str
    """Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum."""

    size: int
    """Size of the whole image in bytes."""

    created_at: str
    """When the image was stored."""


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """A stored image."""

    image_id: str
    """Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum."""

    created: bool
    """False if the image was already stored; best effort on S3 services without conditional writes."""

    format: ImageFormat

    media_type: MediaType

    width: int
    """Width in pixels, after applying the EXIF orientation."""

    height: int
    """Height in pixels, after applying the EXIF orientation; of a single frame if animated."""

    size: int
    """Size of the whole image in bytes."""


@dataclass(frozen=True, slots=True)
class RetrievedImage:
    """A stored image as it was uploaded, or part of it."""

    data: bytes

    format: ImageFormat

    media_type: MediaType

    size: int
    """Size of the whole image in bytes."""


@dataclass(frozen=True, slots=True)
class ResizedImage:
    """A transformed image."""

    data: bytes

    format: ImageFormat

    media_type: MediaType

    width: int
    """Width in pixels."""

    height: int
    """Height in pixels; of a single frame if animated."""

    size: int
    """Size of the whole image in bytes."""


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """Properties of an image."""

    format: ImageFormat

    media_type: MediaType

    width: int
    """Width in pixels, after applying the EXIF orientation."""

    height: int
    """Height in pixels, after applying the EXIF orientation; of a single frame if animated."""

    size: int
    """Size of the whole image in bytes."""

    frames: int
    """Number of frames of an animation or pages of a document; 1 for a still image."""

    orientation: int
    """EXIF orientation; 1 if there is none."""

    has_alpha: bool

    color_space: str
    """Colour space of the file, such as srgb, cmyk or b-w (greyscale)."""

    created_at: str | None = None
    """When the image was stored."""
