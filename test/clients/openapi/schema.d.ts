export interface paths {
    "/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the stored images
         * @description A page of the stored images, sorted by id or newest first. A next_cursor means that there are more, even if the page has fewer than limit. Right: admin.
         */
        get: operations["listImages"];
        put?: never;
        /**
         * Store an image
         * @description Stores an image under the SHA-256 of its bytes. The same bytes are stored once, however often they are sent. Right: write.
         */
        post: operations["uploadImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{image_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an image, in any size and format
         * @description Without transformation parameters, returns the image as uploaded, byte for byte, or the part that a Range header selects. With any, returns a new image made from it. Right: read.
         */
        get: operations["getImage"];
        /**
         * Store exactly the image with this id
         * @description Stores the bytes of the body if their SHA-256 is the id; otherwise nothing is stored. Safe to repeat, and verified end to end. Right: write.
         */
        put: operations["putImage"];
        post?: never;
        /**
         * Delete a stored image
         * @description Deletes an image. Copies in browser caches remain. Right: admin.
         */
        delete: operations["deleteImage"];
        options?: never;
        /**
         * Get the size and media type of an image
         * @description Like GET, without the body. Right: read.
         */
        head: operations["headImage"];
        patch?: never;
        trace?: never;
    };
    "/images/{image_id}/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describe an image
         * @description Its format, size and colours, read from its header. Right: read.
         */
        get: operations["getImageInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{image_id}/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare several variants of an image
         * @description Creates a variant for each set of parameters, caches them, and returns their URLs and sizes, as srcset needs them. Parameters outside of variants apply to every set that does not override them. Right: read.
         */
        post: operations["makeVariants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/resize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transform an image without storing it
         * @description Returns the transformed image and stores neither it nor the original. Parameters in the form are refused. Right: read.
         */
        post: operations["resizeImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the process is alive
         * @description Answers without involving a worker.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the service accepts requests
         * @description Ready while a worker has answered recently and the process is not shutting down.
         */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        ErrorCode: "invalid_request" | "invalid_operation" | "unauthorized" | "forbidden" | "not_found" | "too_large" | "unsupported_format" | "unprocessable_image" | "rate_limited" | "internal" | "worker_lost" | "overloaded" | "shutting_down" | "store_unavailable" | "timeout" | "insufficient_storage";
        /**
         * @description An error. Clients that prefer text/html, such as browsers, receive it as an HTML page.
         * @example {
         *       "type": "about:blank",
         *       "title": "Invalid request",
         *       "status": 400,
         *       "detail": "Expected an integer from 1 to 8192 for width but received \"abc\"",
         *       "code": "invalid_request",
         *       "parameter": "width",
         *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11"
         *     }
         */
        Problem: {
            /**
             * Format: uri-reference
             * @description Always about:blank; code tells errors apart.
             */
            type: string;
            /** @description Short summary of the kind of error. */
            title: string;
            /** @description HTTP status code. */
            status: number;
            /** @description Explanation of this error: what was expected and what was received. */
            detail: string;
            /** @description Error code, the same over HTTP and ZeroMQ. */
            code: components["schemas"]["ErrorCode"];
            /** @description Name of the parameter, field or header at fault. */
            parameter?: string;
            /** @description Id to correlate the request with its reply and its log lines: 1 to 128 printable ASCII characters. */
            request_id: string;
        };
        ImageForm: {
            /**
             * Format: binary
             * @description The file.
             */
            image: Blob;
        };
        /** @enum {string} */
        ImageFormat: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "svg";
        /** @enum {string} */
        MediaType: "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/gif" | "image/tiff" | "image/svg+xml";
        UploadedImage: {
            /** @enum {string} */
            status: "success";
            message: string;
            /** @description Id to correlate the request with its reply and its log lines: 1 to 128 printable ASCII characters. */
            request_id: string;
            /**
             * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
             * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
             */
            image_id: string;
            /** @description False if the image was already stored; best effort on S3 services without conditional writes. */
            created: boolean;
            format: components["schemas"]["ImageFormat"];
            media_type: components["schemas"]["MediaType"];
            /** @description Width in pixels, after applying the EXIF orientation. */
            width: number;
            /** @description Height in pixels, after applying the EXIF orientation; of a single frame if animated. */
            height: number;
            /** @description Size of the whole image in bytes. */
            size: number;
        };
        /** @enum {string} */
        Order: "id" | "newest";
        StoredImage: {
            /**
             * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
             * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
             */
            image_id: string;
            /** @description Size of the whole image in bytes. */
            size: number;
            /**
             * Format: date-time
             * @description When the image was stored.
             */
            created_at: string;
        };
        ImagePage: {
            /** @enum {string} */
            status: "success";
            message: string;
            /** @description Id to correlate the request with its reply and its log lines: 1 to 128 printable ASCII characters. */
            request_id: string;
            images: components["schemas"]["StoredImage"][];
            /** @description Cursor of the next page; absent on the last page. */
            next_cursor?: string;
        };
        /** @enum {string} */
        Fit: "cover" | "contain" | "fill" | "inside" | "outside";
        /** @enum {string} */
        Position: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
        /** @enum {string} */
        WatermarkPosition: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
        /** @enum {string} */
        OutputFormatOrAuto: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
        /** @enum {string} */
        Metadata: "strip" | "copyright" | "keep";
        ImageInfo: {
            /** @enum {string} */
            status: "success";
            message: string;
            /** @description Id to correlate the request with its reply and its log lines: 1 to 128 printable ASCII characters. */
            request_id: string;
            format: components["schemas"]["ImageFormat"];
            media_type: components["schemas"]["MediaType"];
            /** @description Width in pixels, after applying the EXIF orientation. */
            width: number;
            /** @description Height in pixels, after applying the EXIF orientation; of a single frame if animated. */
            height: number;
            /** @description Size of the whole image in bytes. */
            size: number;
            /** @description Number of frames of an animation or pages of a document; 1 for a still image. */
            frames: number;
            /** @description EXIF orientation; 1 if there is none. */
            orientation: number;
            has_alpha: boolean;
            /** @description Colour space of the file, such as srgb, cmyk or b-w (greyscale). */
            color_space: string;
            /**
             * Format: date-time
             * @description When the image was stored.
             */
            created_at?: string;
        };
        /** @enum {string} */
        OutputFormat: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";
        Transformation: {
            /** @description Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio. */
            width?: number;
            /** @description Height of the result in pixels. */
            height?: number;
            /** @description Device pixel ratio: multiplies width and height, but not pad. */
            dpr?: number;
            /** @description How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large. */
            fit?: components["schemas"]["Fit"];
            /** @description Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one. */
            position?: components["schemas"]["Position"];
            /** @description Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position. */
            focus?: string;
            /** @description Whether to enlarge an image that is smaller than width and height. */
            enlarge?: boolean;
            /** @description Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image. */
            crop?: string;
            /** @description Trims borders of the same colour as the top left pixel. Not for animations. */
            trim?: boolean;
            /** @description Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim. */
            trim_threshold?: number;
            /** @description Flips the image vertically, top to bottom. */
            flip?: boolean;
            /** @description Mirrors the image horizontally, left to right. */
            flop?: boolean;
            /** @description Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background. */
            rotate?: number;
            /**
             * Format: color
             * @description CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional.
             */
            background?: string;
            /** @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height. */
            pad?: string;
            /** @description Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark. */
            gamma?: number;
            /** @description Converts the image to greyscale. */
            grayscale?: boolean;
            /** @description Median filter to remove specks: side of the square window in pixels. */
            median?: number;
            /** @description Threshold to black and white: pixels of at least this brightness become white, all others black. */
            threshold?: number;
            /** @description Gaussian blur: sigma in pixels of the result. */
            blur?: number;
            /** @description Multiplies the lightness by this factor. */
            brightness?: number;
            /** @description Multiplies the saturation by this factor. */
            saturation?: number;
            /** @description Hue rotation in degrees. */
            hue?: number;
            /** @description Unsharp mask: sigma in pixels of the result. */
            sharpen?: number;
            /** @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %. */
            normalize?: boolean;
            /**
             * Format: color
             * @description CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional.
             */
            tint?: string;
            /** @description Inverts the colours, but not the alpha channel. */
            negate?: boolean;
            /** @description image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit. */
            watermark?: string;
            /** @description Position of the watermark; tile repeats it across the whole result. */
            watermark_position?: components["schemas"]["WatermarkPosition"];
            /** @description Opacity of the watermark, from 0 (invisible) to 1 (opaque). */
            watermark_opacity?: number;
            /** @description Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size. */
            watermark_scale?: number;
            /** @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default. */
            format?: components["schemas"]["OutputFormat"];
            /** @description Encoder quality. No effect on gif; a value below 100 reduces png to a palette. */
            quality?: number;
            /** @description Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never. */
            lossless?: boolean;
            /** @description Encodes a progressive jpeg or an interlaced png or gif. */
            progressive?: boolean;
            /** @description Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults. */
            effort?: number;
            /** @description Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette. */
            max_bytes?: number;
            /** @description Whether to keep all frames of an animation, if the format of the result supports it (gif and webp). */
            animated?: boolean;
            /** @description Frame of an animation or page of a tiff to use, counted from 0. */
            page?: number;
            /** @description Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep). */
            metadata?: components["schemas"]["Metadata"];
            /** @description Name of a set of parameters in the configuration; explicit parameters override it. */
            preset?: string;
        };
        VariantsRequest: {
            width?: number;
            height?: number;
            dpr?: number;
            fit?: components["schemas"]["Fit"];
            position?: components["schemas"]["Position"];
            focus?: string;
            enlarge?: boolean;
            crop?: string;
            trim?: boolean;
            trim_threshold?: number;
            flip?: boolean;
            flop?: boolean;
            rotate?: number;
            /** Format: color */
            background?: string;
            pad?: string;
            gamma?: number;
            grayscale?: boolean;
            median?: number;
            threshold?: number;
            blur?: number;
            brightness?: number;
            saturation?: number;
            hue?: number;
            sharpen?: number;
            normalize?: boolean;
            /** Format: color */
            tint?: string;
            negate?: boolean;
            watermark?: string;
            watermark_position?: components["schemas"]["WatermarkPosition"];
            watermark_opacity?: number;
            watermark_scale?: number;
            format?: components["schemas"]["OutputFormat"];
            quality?: number;
            lossless?: boolean;
            progressive?: boolean;
            effort?: number;
            max_bytes?: number;
            animated?: boolean;
            page?: number;
            metadata?: components["schemas"]["Metadata"];
            preset?: string;
            /** @description One set of parameters per image. Parameters beside variants apply to every set that does not override them. */
            variants: components["schemas"]["Transformation"][];
        };
        Variant: {
            /** @description Public URL of the image, or its path if none is configured. */
            url: string;
            format: components["schemas"]["ImageFormat"];
            media_type: components["schemas"]["MediaType"];
            /** @description Width in pixels. */
            width: number;
            /** @description Height in pixels; of a single frame if animated. */
            height: number;
            /** @description Size of the whole image in bytes. */
            size: number;
        };
        VariantsReply: {
            /**
             * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
             * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
             */
            image_id: string;
            /** @description In the order of the request. */
            variants: components["schemas"]["Variant"][];
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        Readiness: {
            /** @enum {string} */
            status: "ready";
        };
    };
    responses: {
        /** @description Invalid request, or Invalid operation */
        Error400: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized */
        Error401: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden */
        Error403: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body arrived too slowly. */
        Error408: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too large */
        Error413: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported format */
        Error415: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                "Accept-Encoding": components["headers"]["AcceptEncoding"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable image */
        Error422: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Rate limited */
        Error429: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal error */
        Error500: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Worker lost */
        Error502: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Overloaded, or Shutting down, or Store unavailable */
        Error503: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Timeout */
        Error504: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Insufficient storage */
        Error507: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The ETag of the image does not satisfy the condition. */
        Error412: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not found */
        Error404: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The range is outside of the image */
        Error416: {
            headers: {
                "X-Request-Id": components["headers"]["XRequestId"];
                "Server-Timing": components["headers"]["ServerTiming"];
                "Content-Range": components["headers"]["ContentRange"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Signed permission for one upload without a key. */
        Grant: string;
        /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
        XRequestId: string;
        /** @description Maximum number of images to return. */
        Limit: number;
        /** @description Sort order: by image_id, or by upload time, newest first. */
        Order: components["schemas"]["Order"];
        /** @description next_cursor of the previous page, requested with the same order. */
        Cursor: string;
        /**
         * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
         * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
         */
        ImageId: string;
        /** @description ETags, or *: 412 unless one is current. Conditions with a date are ignored. */
        IfMatch: string;
        /** @description ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412. */
        IfNoneMatch: string;
        /**
         * @description Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio.
         * @example 72
         */
        Width: number;
        /** @description Height of the result in pixels. */
        Height: number;
        /** @description Device pixel ratio: multiplies width and height, but not pad. */
        Dpr: number;
        /** @description How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large. */
        Fit: components["schemas"]["Fit"];
        /** @description Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one. */
        Position: components["schemas"]["Position"];
        /** @description Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position. */
        Focus: string;
        /** @description Whether to enlarge an image that is smaller than width and height. */
        Enlarge: boolean;
        /** @description Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image. */
        Crop: string;
        /** @description Trims borders of the same colour as the top left pixel. Not for animations. */
        Trim: boolean;
        /** @description Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim. */
        TrimThreshold: number;
        /** @description Flips the image vertically, top to bottom. */
        Flip: boolean;
        /** @description Mirrors the image horizontally, left to right. */
        Flop: boolean;
        /** @description Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background. */
        Rotate: number;
        /** @description CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional. */
        Background: string;
        /** @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height. */
        Pad: string;
        /** @description Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark. */
        Gamma: number;
        /** @description Converts the image to greyscale. */
        Grayscale: boolean;
        /** @description Median filter to remove specks: side of the square window in pixels. */
        Median: number;
        /** @description Threshold to black and white: pixels of at least this brightness become white, all others black. */
        Threshold: number;
        /** @description Gaussian blur: sigma in pixels of the result. */
        Blur: number;
        /** @description Multiplies the lightness by this factor. */
        Brightness: number;
        /** @description Multiplies the saturation by this factor. */
        Saturation: number;
        /** @description Hue rotation in degrees. */
        Hue: number;
        /** @description Unsharp mask: sigma in pixels of the result. */
        Sharpen: number;
        /** @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %. */
        Normalize: boolean;
        /** @description CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional. */
        Tint: string;
        /** @description Inverts the colours, but not the alpha channel. */
        Negate: boolean;
        /** @description image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit. */
        Watermark: string;
        /** @description Position of the watermark; tile repeats it across the whole result. */
        WatermarkPosition: components["schemas"]["WatermarkPosition"];
        /** @description Opacity of the watermark, from 0 (invisible) to 1 (opaque). */
        WatermarkOpacity: number;
        /** @description Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size. */
        WatermarkScale: number;
        /**
         * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default.
         * @example webp
         */
        Format: components["schemas"]["OutputFormatOrAuto"];
        /** @description Encoder quality. No effect on gif; a value below 100 reduces png to a palette. */
        Quality: number;
        /** @description Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never. */
        Lossless: boolean;
        /** @description Encodes a progressive jpeg or an interlaced png or gif. */
        Progressive: boolean;
        /** @description Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults. */
        Effort: number;
        /** @description Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette. */
        MaxBytes: number;
        /** @description Whether to keep all frames of an animation, if the format of the result supports it (gif and webp). */
        Animated: boolean;
        /** @description Frame of an animation or page of a tiff to use, counted from 0. */
        Page: number;
        /** @description Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep). */
        Metadata: components["schemas"]["Metadata"];
        /** @description Name of a set of parameters in the configuration; explicit parameters override it. */
        Preset: string;
        /**
         * @description Makes browsers save the image under this name instead of showing it.
         * @example photo.jpg
         */
        Download: string;
        /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
        Signature: string;
        /** @description Expiry time of the signature, in seconds since 1970. */
        Expires: number;
        /**
         * @description A single byte range of the original image.
         * @example bytes=0-1023
         */
        Range: string;
        /** @description An ETag: Range applies only if it is current. */
        IfRange: string;
    };
    requestBodies: never;
    headers: {
        /** @description Id to correlate the request with its reply and its log lines: 1 to 128 printable ASCII characters. */
        XRequestId: string;
        /** @description Milliseconds in the queue, at the worker, in the caches and in total: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
        ServerTiming: string;
        /** @description Path of the image. */
        Location: string;
        /** @description How to send a key, such as Bearer realm="imgwire". */
        WWWAuthenticate: string;
        /** @description If the body has a Content-Encoding. */
        AcceptEncoding: "identity";
        /** @description Seconds after which the same request may succeed. */
        RetryAfter: number;
        /** @description Identifies exactly these bytes; send it back in If-None-Match or If-Range. */
        ETag: string;
        /** @description An image never changes: public, max-age=31536000, immutable, unless configured; with preset: max-age=300. */
        CacheControl: string;
        /** @description On original images only. */
        AcceptRanges: "bytes";
        /** @description With the parameter download: attachment and the file name. */
        ContentDisposition: string;
        /** @description Accept, with format=auto. */
        Vary: string;
        /** @description Bytes of the body that GET would send. */
        ContentLength: number;
        /** @description Which bytes these are, such as bytes 0-1023/48213. */
        ContentRange: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listImages: {
        parameters: {
            query?: {
                /** @description Maximum number of images to return. */
                limit?: components["parameters"]["Limit"];
                /** @description Sort order: by image_id, or by upload time, newest first. */
                order?: components["parameters"]["Order"];
                /** @description next_cursor of the previous page, requested with the same order. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of images. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Images listed successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "images": [
                     *         {
                     *           "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *           "size": 69,
                     *           "created_at": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ImagePage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    uploadImage: {
        parameters: {
            query?: {
                /** @description Signed permission for one upload without a key. */
                grant?: components["parameters"]["Grant"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImageForm"];
            };
        };
        responses: {
            /** @description The image was already stored. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Image uploaded successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *       "created": true,
                     *       "format": "png",
                     *       "media_type": "image/png",
                     *       "width": 1,
                     *       "height": 1,
                     *       "size": 69
                     *     }
                     */
                    "application/json": components["schemas"]["UploadedImage"];
                };
            };
            /** @description The image is stored. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Image uploaded successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *       "created": true,
                     *       "format": "png",
                     *       "media_type": "image/png",
                     *       "width": 1,
                     *       "height": 1,
                     *       "size": 69
                     *     }
                     */
                    "application/json": components["schemas"]["UploadedImage"];
                };
            };
            /** @description The same for a browser form, which is redirected to the image. */
            303: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
            507: components["responses"]["Error507"];
        };
    };
    getImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio.
                 * @example 72
                 */
                width?: components["parameters"]["Width"];
                /** @description Height of the result in pixels. */
                height?: components["parameters"]["Height"];
                /** @description Device pixel ratio: multiplies width and height, but not pad. */
                dpr?: components["parameters"]["Dpr"];
                /** @description How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large. */
                fit?: components["parameters"]["Fit"];
                /** @description Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one. */
                position?: components["parameters"]["Position"];
                /** @description Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position. */
                focus?: components["parameters"]["Focus"];
                /** @description Whether to enlarge an image that is smaller than width and height. */
                enlarge?: components["parameters"]["Enlarge"];
                /** @description Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image. */
                crop?: components["parameters"]["Crop"];
                /** @description Trims borders of the same colour as the top left pixel. Not for animations. */
                trim?: components["parameters"]["Trim"];
                /** @description Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim. */
                trim_threshold?: components["parameters"]["TrimThreshold"];
                /** @description Flips the image vertically, top to bottom. */
                flip?: components["parameters"]["Flip"];
                /** @description Mirrors the image horizontally, left to right. */
                flop?: components["parameters"]["Flop"];
                /** @description Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background. */
                rotate?: components["parameters"]["Rotate"];
                /** @description CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional. */
                background?: components["parameters"]["Background"];
                /** @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height. */
                pad?: components["parameters"]["Pad"];
                /** @description Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark. */
                gamma?: components["parameters"]["Gamma"];
                /** @description Converts the image to greyscale. */
                grayscale?: components["parameters"]["Grayscale"];
                /** @description Median filter to remove specks: side of the square window in pixels. */
                median?: components["parameters"]["Median"];
                /** @description Threshold to black and white: pixels of at least this brightness become white, all others black. */
                threshold?: components["parameters"]["Threshold"];
                /** @description Gaussian blur: sigma in pixels of the result. */
                blur?: components["parameters"]["Blur"];
                /** @description Multiplies the lightness by this factor. */
                brightness?: components["parameters"]["Brightness"];
                /** @description Multiplies the saturation by this factor. */
                saturation?: components["parameters"]["Saturation"];
                /** @description Hue rotation in degrees. */
                hue?: components["parameters"]["Hue"];
                /** @description Unsharp mask: sigma in pixels of the result. */
                sharpen?: components["parameters"]["Sharpen"];
                /** @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %. */
                normalize?: components["parameters"]["Normalize"];
                /** @description CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional. */
                tint?: components["parameters"]["Tint"];
                /** @description Inverts the colours, but not the alpha channel. */
                negate?: components["parameters"]["Negate"];
                /** @description image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit. */
                watermark?: components["parameters"]["Watermark"];
                /** @description Position of the watermark; tile repeats it across the whole result. */
                watermark_position?: components["parameters"]["WatermarkPosition"];
                /** @description Opacity of the watermark, from 0 (invisible) to 1 (opaque). */
                watermark_opacity?: components["parameters"]["WatermarkOpacity"];
                /** @description Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size. */
                watermark_scale?: components["parameters"]["WatermarkScale"];
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default.
                 * @example webp
                 */
                format?: components["parameters"]["Format"];
                /** @description Encoder quality. No effect on gif; a value below 100 reduces png to a palette. */
                quality?: components["parameters"]["Quality"];
                /** @description Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never. */
                lossless?: components["parameters"]["Lossless"];
                /** @description Encodes a progressive jpeg or an interlaced png or gif. */
                progressive?: components["parameters"]["Progressive"];
                /** @description Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults. */
                effort?: components["parameters"]["Effort"];
                /** @description Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette. */
                max_bytes?: components["parameters"]["MaxBytes"];
                /** @description Whether to keep all frames of an animation, if the format of the result supports it (gif and webp). */
                animated?: components["parameters"]["Animated"];
                /** @description Frame of an animation or page of a tiff to use, counted from 0. */
                page?: components["parameters"]["Page"];
                /** @description Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep). */
                metadata?: components["parameters"]["Metadata"];
                /** @description Name of a set of parameters in the configuration; explicit parameters override it. */
                preset?: components["parameters"]["Preset"];
                /**
                 * @description Makes browsers save the image under this name instead of showing it.
                 * @example photo.jpg
                 */
                download?: components["parameters"]["Download"];
                /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
                signature?: components["parameters"]["Signature"];
                /** @description Expiry time of the signature, in seconds since 1970. */
                expires?: components["parameters"]["Expires"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
                /** @description ETags, or *: 412 unless one is current. Conditions with a date are ignored. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description A single byte range of the original image.
                 * @example bytes=0-1023
                 */
                Range?: components["parameters"]["Range"];
                /** @description An ETag: Range applies only if it is current. */
                "If-Range"?: components["parameters"]["IfRange"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Accept-Ranges": components["headers"]["AcceptRanges"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    Vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": Blob;
                };
            };
            /** @description The part of the image that Range selects. */
            206: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Accept-Ranges": components["headers"]["AcceptRanges"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    Vary: components["headers"]["Vary"];
                    "Content-Range": components["headers"]["ContentRange"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": Blob;
                };
            };
            /** @description The client already has this image. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    Vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            412: components["responses"]["Error412"];
            415: components["responses"]["Error415"];
            416: components["responses"]["Error416"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    putImage: {
        parameters: {
            query?: {
                /** @description Signed permission for one upload without a key. */
                grant?: components["parameters"]["Grant"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
                /** @description ETags, or *: 412 unless one is current. Conditions with a date are ignored. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob;
            };
        };
        responses: {
            /** @description The image was already stored. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Image uploaded successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *       "created": true,
                     *       "format": "png",
                     *       "media_type": "image/png",
                     *       "width": 1,
                     *       "height": 1,
                     *       "size": 69
                     *     }
                     */
                    "application/json": components["schemas"]["UploadedImage"];
                };
            };
            /** @description The image is stored. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Image uploaded successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *       "created": true,
                     *       "format": "png",
                     *       "media_type": "image/png",
                     *       "width": 1,
                     *       "height": 1,
                     *       "size": 69
                     *     }
                     */
                    "application/json": components["schemas"]["UploadedImage"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
            507: components["responses"]["Error507"];
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
                /** @description ETags, or *: 412 unless one is current. Conditions with a date are ignored. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            412: components["responses"]["Error412"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    headImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio.
                 * @example 72
                 */
                width?: components["parameters"]["Width"];
                /** @description Height of the result in pixels. */
                height?: components["parameters"]["Height"];
                /** @description Device pixel ratio: multiplies width and height, but not pad. */
                dpr?: components["parameters"]["Dpr"];
                /** @description How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large. */
                fit?: components["parameters"]["Fit"];
                /** @description Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one. */
                position?: components["parameters"]["Position"];
                /** @description Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position. */
                focus?: components["parameters"]["Focus"];
                /** @description Whether to enlarge an image that is smaller than width and height. */
                enlarge?: components["parameters"]["Enlarge"];
                /** @description Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image. */
                crop?: components["parameters"]["Crop"];
                /** @description Trims borders of the same colour as the top left pixel. Not for animations. */
                trim?: components["parameters"]["Trim"];
                /** @description Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim. */
                trim_threshold?: components["parameters"]["TrimThreshold"];
                /** @description Flips the image vertically, top to bottom. */
                flip?: components["parameters"]["Flip"];
                /** @description Mirrors the image horizontally, left to right. */
                flop?: components["parameters"]["Flop"];
                /** @description Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background. */
                rotate?: components["parameters"]["Rotate"];
                /** @description CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional. */
                background?: components["parameters"]["Background"];
                /** @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height. */
                pad?: components["parameters"]["Pad"];
                /** @description Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark. */
                gamma?: components["parameters"]["Gamma"];
                /** @description Converts the image to greyscale. */
                grayscale?: components["parameters"]["Grayscale"];
                /** @description Median filter to remove specks: side of the square window in pixels. */
                median?: components["parameters"]["Median"];
                /** @description Threshold to black and white: pixels of at least this brightness become white, all others black. */
                threshold?: components["parameters"]["Threshold"];
                /** @description Gaussian blur: sigma in pixels of the result. */
                blur?: components["parameters"]["Blur"];
                /** @description Multiplies the lightness by this factor. */
                brightness?: components["parameters"]["Brightness"];
                /** @description Multiplies the saturation by this factor. */
                saturation?: components["parameters"]["Saturation"];
                /** @description Hue rotation in degrees. */
                hue?: components["parameters"]["Hue"];
                /** @description Unsharp mask: sigma in pixels of the result. */
                sharpen?: components["parameters"]["Sharpen"];
                /** @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %. */
                normalize?: components["parameters"]["Normalize"];
                /** @description CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional. */
                tint?: components["parameters"]["Tint"];
                /** @description Inverts the colours, but not the alpha channel. */
                negate?: components["parameters"]["Negate"];
                /** @description image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit. */
                watermark?: components["parameters"]["Watermark"];
                /** @description Position of the watermark; tile repeats it across the whole result. */
                watermark_position?: components["parameters"]["WatermarkPosition"];
                /** @description Opacity of the watermark, from 0 (invisible) to 1 (opaque). */
                watermark_opacity?: components["parameters"]["WatermarkOpacity"];
                /** @description Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size. */
                watermark_scale?: components["parameters"]["WatermarkScale"];
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default.
                 * @example webp
                 */
                format?: components["parameters"]["Format"];
                /** @description Encoder quality. No effect on gif; a value below 100 reduces png to a palette. */
                quality?: components["parameters"]["Quality"];
                /** @description Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never. */
                lossless?: components["parameters"]["Lossless"];
                /** @description Encodes a progressive jpeg or an interlaced png or gif. */
                progressive?: components["parameters"]["Progressive"];
                /** @description Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults. */
                effort?: components["parameters"]["Effort"];
                /** @description Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette. */
                max_bytes?: components["parameters"]["MaxBytes"];
                /** @description Whether to keep all frames of an animation, if the format of the result supports it (gif and webp). */
                animated?: components["parameters"]["Animated"];
                /** @description Frame of an animation or page of a tiff to use, counted from 0. */
                page?: components["parameters"]["Page"];
                /** @description Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep). */
                metadata?: components["parameters"]["Metadata"];
                /** @description Name of a set of parameters in the configuration; explicit parameters override it. */
                preset?: components["parameters"]["Preset"];
                /**
                 * @description Makes browsers save the image under this name instead of showing it.
                 * @example photo.jpg
                 */
                download?: components["parameters"]["Download"];
                /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
                signature?: components["parameters"]["Signature"];
                /** @description Expiry time of the signature, in seconds since 1970. */
                expires?: components["parameters"]["Expires"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
                /** @description ETags, or *: 412 unless one is current. Conditions with a date are ignored. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description A single byte range of the original image.
                 * @example bytes=0-1023
                 */
                Range?: components["parameters"]["Range"];
                /** @description An ETag: Range applies only if it is current. */
                "If-Range"?: components["parameters"]["IfRange"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image exists. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Accept-Ranges": components["headers"]["AcceptRanges"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    Vary: components["headers"]["Vary"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client already has this image. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    Vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            412: components["responses"]["Error412"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    getImageInfo: {
        parameters: {
            query?: {
                /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
                signature?: components["parameters"]["Signature"];
                /** @description Expiry time of the signature, in seconds since 1970. */
                expires?: components["parameters"]["Expires"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The properties of the image. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "message": "Image described successfully",
                     *       "request_id": "5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11",
                     *       "format": "png",
                     *       "media_type": "image/png",
                     *       "width": 1,
                     *       "height": 1,
                     *       "size": 69,
                     *       "frames": 1,
                     *       "orientation": 1,
                     *       "has_alpha": false,
                     *       "color_space": "srgb",
                     *       "created_at": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImageInfo"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    makeVariants: {
        parameters: {
            query?: {
                /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
                signature?: components["parameters"]["Signature"];
                /** @description Expiry time of the signature, in seconds since 1970. */
                expires?: components["parameters"]["Expires"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path: {
                /**
                 * @description Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.
                 * @example b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640
                 */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "format": "webp",
                 *       "variants": [
                 *         {
                 *           "width": 320
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["VariantsRequest"];
            };
        };
        responses: {
            /** @description The variants were created. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "image_id": "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640",
                     *       "variants": [
                     *         {
                     *           "url": "/images/b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640?width=320&format=webp",
                     *           "format": "webp",
                     *           "media_type": "image/webp",
                     *           "width": 320,
                     *           "height": 320,
                     *           "size": 306
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["VariantsReply"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    resizeImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio.
                 * @example 72
                 */
                width?: components["parameters"]["Width"];
                /** @description Height of the result in pixels. */
                height?: components["parameters"]["Height"];
                /** @description Device pixel ratio: multiplies width and height, but not pad. */
                dpr?: components["parameters"]["Dpr"];
                /** @description How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large. */
                fit?: components["parameters"]["Fit"];
                /** @description Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one. */
                position?: components["parameters"]["Position"];
                /** @description Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position. */
                focus?: components["parameters"]["Focus"];
                /** @description Whether to enlarge an image that is smaller than width and height. */
                enlarge?: components["parameters"]["Enlarge"];
                /** @description Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image. */
                crop?: components["parameters"]["Crop"];
                /** @description Trims borders of the same colour as the top left pixel. Not for animations. */
                trim?: components["parameters"]["Trim"];
                /** @description Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim. */
                trim_threshold?: components["parameters"]["TrimThreshold"];
                /** @description Flips the image vertically, top to bottom. */
                flip?: components["parameters"]["Flip"];
                /** @description Mirrors the image horizontally, left to right. */
                flop?: components["parameters"]["Flop"];
                /** @description Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background. */
                rotate?: components["parameters"]["Rotate"];
                /** @description CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional. */
                background?: components["parameters"]["Background"];
                /** @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height. */
                pad?: components["parameters"]["Pad"];
                /** @description Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark. */
                gamma?: components["parameters"]["Gamma"];
                /** @description Converts the image to greyscale. */
                grayscale?: components["parameters"]["Grayscale"];
                /** @description Median filter to remove specks: side of the square window in pixels. */
                median?: components["parameters"]["Median"];
                /** @description Threshold to black and white: pixels of at least this brightness become white, all others black. */
                threshold?: components["parameters"]["Threshold"];
                /** @description Gaussian blur: sigma in pixels of the result. */
                blur?: components["parameters"]["Blur"];
                /** @description Multiplies the lightness by this factor. */
                brightness?: components["parameters"]["Brightness"];
                /** @description Multiplies the saturation by this factor. */
                saturation?: components["parameters"]["Saturation"];
                /** @description Hue rotation in degrees. */
                hue?: components["parameters"]["Hue"];
                /** @description Unsharp mask: sigma in pixels of the result. */
                sharpen?: components["parameters"]["Sharpen"];
                /** @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %. */
                normalize?: components["parameters"]["Normalize"];
                /** @description CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional. */
                tint?: components["parameters"]["Tint"];
                /** @description Inverts the colours, but not the alpha channel. */
                negate?: components["parameters"]["Negate"];
                /** @description image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit. */
                watermark?: components["parameters"]["Watermark"];
                /** @description Position of the watermark; tile repeats it across the whole result. */
                watermark_position?: components["parameters"]["WatermarkPosition"];
                /** @description Opacity of the watermark, from 0 (invisible) to 1 (opaque). */
                watermark_opacity?: components["parameters"]["WatermarkOpacity"];
                /** @description Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size. */
                watermark_scale?: components["parameters"]["WatermarkScale"];
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default.
                 * @example webp
                 */
                format?: components["parameters"]["Format"];
                /** @description Encoder quality. No effect on gif; a value below 100 reduces png to a palette. */
                quality?: components["parameters"]["Quality"];
                /** @description Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never. */
                lossless?: components["parameters"]["Lossless"];
                /** @description Encodes a progressive jpeg or an interlaced png or gif. */
                progressive?: components["parameters"]["Progressive"];
                /** @description Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults. */
                effort?: components["parameters"]["Effort"];
                /** @description Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette. */
                max_bytes?: components["parameters"]["MaxBytes"];
                /** @description Whether to keep all frames of an animation, if the format of the result supports it (gif and webp). */
                animated?: components["parameters"]["Animated"];
                /** @description Frame of an animation or page of a tiff to use, counted from 0. */
                page?: components["parameters"]["Page"];
                /** @description Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep). */
                metadata?: components["parameters"]["Metadata"];
                /** @description Name of a set of parameters in the configuration; explicit parameters override it. */
                preset?: components["parameters"]["Preset"];
                /** @description HMAC-SHA-256 of the path and parameters, in place of a key. */
                signature?: components["parameters"]["Signature"];
                /** @description Expiry time of the signature, in seconds since 1970. */
                expires?: components["parameters"]["Expires"];
            };
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImageForm"];
            };
        };
        responses: {
            /** @description The transformed image. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    Vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": Blob;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            502: components["responses"]["Error502"];
            503: components["responses"]["Error503"];
            504: components["responses"]["Error504"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Error400"];
            403: components["responses"]["Error403"];
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced. */
                "X-Request-Id"?: components["parameters"]["XRequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is ready. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["XRequestId"];
                    "Server-Timing": components["headers"]["ServerTiming"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["Error400"];
            403: components["responses"]["Error403"];
            503: components["responses"]["Error503"];
        };
    };
}
