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
         * @description A page of the stored images, in the order of their ids; next_cursor leads to the next page.
         */
        get: operations["listImages"];
        put?: never;
        /**
         * Store an image
         * @description Stores an image under the SHA-256 of its bytes. The same bytes are stored once, however often they are sent.
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
         * @description Without a transformation parameter the image as it was uploaded, byte for byte; a Range header gets a part of it. With one or more, a new image made from it.
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Delete a stored image
         * @description Deletes an image. Copies that caches hold are not recalled.
         */
        delete: operations["deleteImage"];
        options?: never;
        /**
         * Ask for the size and kind of an image
         * @description Answers as GET does, without the image.
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
         * @description Its format, size and colours, read from its header.
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
         * Make many sizes of an image ready
         * @description Makes an image of each set of parameters, keeps them in the cache, and answers with their addresses and sizes: what a page needs for srcset. Parameters beside variants hold for every set that does not say otherwise.
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
         * @description Takes an image, answers with the one made from it, and keeps neither.
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
         * Ask whether the process lives
         * @description Answers without asking a worker.
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
         * Ask whether requests are welcome
         * @description They are while a worker has answered lately and the process is not on its way out.
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
        /**
         * @description An error. A browser that asks for text/html first gets the same as a page to read.
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
             * @description Always about:blank: the kind of error is in code.
             */
            type: string;
            /** @description The kind of error in words. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What was expected and what came. */
            detail: string;
            /**
             * @description The kind of error, the same over HTTP and ZeroMQ.
             * @enum {unknown}
             */
            code: "invalid_request" | "invalid_operation" | "unauthorized" | "forbidden" | "not_found" | "too_large" | "unsupported_format" | "unprocessable_image" | "rate_limited" | "internal" | "worker_lost" | "overloaded" | "shutting_down" | "store_unavailable" | "timeout" | "insufficient_storage";
            /** @description The part of the request that is off. */
            parameter?: string;
            /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
            request_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listImages: {
        parameters: {
            query?: {
                /** @description Most images to list. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of images. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "success";
                        message: string;
                        /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                        request_id: string;
                        images: {
                            /**
                             * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                             * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                             */
                            image_id: string;
                            /** @description Bytes of the whole image. */
                            size: number;
                            /**
                             * Format: date-time
                             * @description When the image was stored.
                             */
                            created_at: string;
                        }[];
                        /** @description Where the next page begins; absent on the last one. */
                        next_cursor?: string;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file.
                     */
                    image: Blob;
                };
                "application/octet-stream": Blob;
                "image/*": Blob;
            };
        };
        responses: {
            /** @description The image was already stored. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Path of the image. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "success";
                        message: string;
                        /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                        request_id: string;
                        /**
                         * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                         * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                         */
                        image_id: string;
                        /** @description False where the image was already stored. */
                        created: boolean;
                        /** @enum {unknown} */
                        format: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "svg";
                        /** @enum {unknown} */
                        media_type: "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/gif" | "image/tiff" | "image/svg+xml";
                        /** @description Pixels, upright as the EXIF orientation says. */
                        width: number;
                        /** @description Pixels, upright as the EXIF orientation says; of one frame of an animation. */
                        height: number;
                        /** @description Bytes of the whole image. */
                        size: number;
                    };
                };
            };
            /** @description The image is stored. */
            201: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Path of the image. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "success";
                        message: string;
                        /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                        request_id: string;
                        /**
                         * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                         * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                         */
                        image_id: string;
                        /** @description False where the image was already stored. */
                        created: boolean;
                        /** @enum {unknown} */
                        format: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "svg";
                        /** @enum {unknown} */
                        media_type: "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/gif" | "image/tiff" | "image/svg+xml";
                        /** @description Pixels, upright as the EXIF orientation says. */
                        width: number;
                        /** @description Pixels, upright as the EXIF orientation says; of one frame of an animation. */
                        height: number;
                        /** @description Bytes of the whole image. */
                        size: number;
                    };
                };
            };
            /** @description The same, for a form in a browser, which is sent on to the image. */
            303: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Path of the image. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient storage */
            507: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio.
                 * @example 720
                 */
                width?: number;
                /** @description Short for width. */
                w?: number;
                /**
                 * @description Height of the result in pixels.
                 * @example 480
                 */
                height?: number;
                /** @description Short for height. */
                h?: number;
                /**
                 * @description Device pixel ratio: multiplies width and height, but not pad.
                 * @example 2
                 */
                dpr?: number;
                /**
                 * @description How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio, inside and outside keep it and make the result at most or at least that large.
                 * @example contain
                 */
                fit?: "cover" | "contain" | "fill" | "inside" | "outside";
                /**
                 * @description Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the region with the most detail or the most salient one.
                 * @example right top
                 */
                position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
                /**
                 * @description x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from the top left. Overrides position.
                 * @example 0.2,0.3
                 */
                focus?: string;
                /**
                 * @description Whether to enlarge an image that is smaller than width and height.
                 * @example false
                 */
                enlarge?: boolean;
                /**
                 * @description left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.
                 * @example 10,20,100,80
                 */
                crop?: string;
                /**
                 * @description Trims edges that differ from the top left pixel by no more than this threshold; true means 10. Not for animations.
                 * @example true
                 */
                trim?: number | boolean;
                /**
                 * @description Mirrors vertically, top to bottom.
                 * @example true
                 */
                flip?: boolean;
                /**
                 * @description Mirrors horizontally, left to right.
                 * @example true
                 */
                flop?: boolean;
                /**
                 * @description Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.
                 * @example 90
                 */
                rotate?: number;
                /**
                 * @description CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it.
                 * @example white
                 */
                background?: string;
                /** @description Short for background. */
                bg?: string;
                /**
                 * @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.
                 * @example 10,20,10,20
                 */
                pad?: string;
                /**
                 * @description Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.
                 * @example 2.2
                 */
                gamma?: number;
                /**
                 * @description Converts to greyscale.
                 * @example true
                 */
                grayscale?: boolean;
                /**
                 * @description Median filter, which removes specks: the side of its square window in pixels.
                 * @example 3
                 */
                median?: number;
                /**
                 * @description Makes pixels of at least this brightness white, and all others black.
                 * @example 128
                 */
                threshold?: number;
                /**
                 * @description Gaussian blur: sigma in pixels of the result.
                 * @example 5
                 */
                blur?: number;
                /**
                 * @description Lightness factor.
                 * @example 1.2
                 */
                brightness?: number;
                /**
                 * @description Saturation factor.
                 * @example 0.5
                 */
                saturation?: number;
                /**
                 * @description Hue rotation in degrees.
                 * @example 90
                 */
                hue?: number;
                /**
                 * @description Unsharp mask: sigma in pixels of the result.
                 * @example 1
                 */
                sharpen?: number;
                /**
                 * @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %.
                 * @example true
                 */
                normalize?: boolean;
                /**
                 * @description CSS colour to tint the image with; lightness is kept.
                 * @example #ff8800
                 */
                tint?: string;
                /**
                 * @description Inverts the colours; transparency is kept.
                 * @example true
                 */
                negate?: boolean;
                /**
                 * @description image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                watermark?: string;
                /**
                 * @description Position of the watermark; tile repeats it over the whole result.
                 * @example left top
                 */
                watermark_position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
                /**
                 * @description Opacity of the watermark, from 0 (invisible) to 1 (opaque).
                 * @example 0.5
                 */
                watermark_opacity?: number;
                /**
                 * @description Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept. Default: its own size.
                 * @example 0.25
                 */
                watermark_scale?: number;
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.
                 * @example webp
                 */
                format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /** @description Short for format. */
                f?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /**
                 * @description Encoder quality. No effect on gif; below 100, png is reduced to a palette.
                 * @example 75
                 */
                quality?: number;
                /** @description Short for quality. */
                q?: number;
                /**
                 * @description Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.
                 * @example true
                 */
                lossless?: boolean;
                /**
                 * @description Progressive jpeg, or interlaced png or gif.
                 * @example true
                 */
                progressive?: boolean;
                /**
                 * @description Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.
                 * @example 6
                 */
                effort?: number;
                /**
                 * @description Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.
                 * @example 5000
                 */
                max_bytes?: number;
                /**
                 * @description Keeps an animation, if the format of the result supports it (gif and webp).
                 * @example false
                 */
                animated?: boolean;
                /**
                 * @description Single frame of an animation, or page of a tiff, to use, counted from 0.
                 * @example 0
                 */
                page?: number;
                /**
                 * @description Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.
                 * @example copyright
                 */
                metadata?: "strip" | "copyright" | "keep";
                /**
                 * @description Named set of parameters from the configuration; explicit parameters override it.
                 * @example thumbnail
                 */
                preset?: string;
                /**
                 * @description Has browsers save the image under this name instead of showing it.
                 * @example photo.jpg
                 */
                download?: string;
            };
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
                /** @description ETags of what the client has: 304 where one still holds. */
                "If-None-Match"?: string;
                /**
                 * @description The bytes wanted of an image as it was uploaded, as one range.
                 * @example bytes=0-1023
                 */
                Range?: string;
                /** @description An ETag: Range counts only while it holds. */
                "If-Range"?: string;
            };
            path: {
                /**
                 * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                image_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Names these very bytes; send it back in If-None-Match or If-Range. */
                    ETag?: string;
                    /** @description An image never changes: public, max-age=31536000, immutable. With preset, which is configuration: public, max-age=300. */
                    "Cache-Control"?: string;
                    /** @description On an image as it was uploaded. */
                    "Accept-Ranges"?: "bytes";
                    /** @description With the parameter download: attachment, and the name. */
                    "Content-Disposition"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": Blob;
                    "image/png": Blob;
                    "image/webp": Blob;
                    "image/avif": Blob;
                    "image/gif": Blob;
                    "image/tiff": Blob;
                    "image/svg+xml": Blob;
                };
            };
            /** @description The part of the image that Range asks for. */
            206: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Names these very bytes; send it back in If-None-Match or If-Range. */
                    ETag?: string;
                    /** @description An image never changes: public, max-age=31536000, immutable. With preset, which is configuration: public, max-age=300. */
                    "Cache-Control"?: string;
                    /** @description On an image as it was uploaded. */
                    "Accept-Ranges"?: "bytes";
                    /** @description With the parameter download: attachment, and the name. */
                    "Content-Disposition"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    /** @description Which bytes these are, such as bytes 0-1023/48213. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": Blob;
                    "image/png": Blob;
                    "image/webp": Blob;
                    "image/avif": Blob;
                    "image/gif": Blob;
                    "image/tiff": Blob;
                    "image/svg+xml": Blob;
                };
            };
            /** @description The client has this image already. */
            304: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Names these very bytes; send it back in If-None-Match or If-Range. */
                    ETag?: string;
                    /** @description An image never changes: public, max-age=31536000, immutable. With preset, which is configuration: public, max-age=300. */
                    "Cache-Control"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The image has no such bytes */
            416: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Which bytes these are, such as bytes 0-1023/48213. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path: {
                /**
                 * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                image_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image is deleted. */
            204: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio.
                 * @example 720
                 */
                width?: number;
                /** @description Short for width. */
                w?: number;
                /**
                 * @description Height of the result in pixels.
                 * @example 480
                 */
                height?: number;
                /** @description Short for height. */
                h?: number;
                /**
                 * @description Device pixel ratio: multiplies width and height, but not pad.
                 * @example 2
                 */
                dpr?: number;
                /**
                 * @description How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio, inside and outside keep it and make the result at most or at least that large.
                 * @example contain
                 */
                fit?: "cover" | "contain" | "fill" | "inside" | "outside";
                /**
                 * @description Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the region with the most detail or the most salient one.
                 * @example right top
                 */
                position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
                /**
                 * @description x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from the top left. Overrides position.
                 * @example 0.2,0.3
                 */
                focus?: string;
                /**
                 * @description Whether to enlarge an image that is smaller than width and height.
                 * @example false
                 */
                enlarge?: boolean;
                /**
                 * @description left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.
                 * @example 10,20,100,80
                 */
                crop?: string;
                /**
                 * @description Trims edges that differ from the top left pixel by no more than this threshold; true means 10. Not for animations.
                 * @example true
                 */
                trim?: number | boolean;
                /**
                 * @description Mirrors vertically, top to bottom.
                 * @example true
                 */
                flip?: boolean;
                /**
                 * @description Mirrors horizontally, left to right.
                 * @example true
                 */
                flop?: boolean;
                /**
                 * @description Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.
                 * @example 90
                 */
                rotate?: number;
                /**
                 * @description CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it.
                 * @example white
                 */
                background?: string;
                /** @description Short for background. */
                bg?: string;
                /**
                 * @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.
                 * @example 10,20,10,20
                 */
                pad?: string;
                /**
                 * @description Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.
                 * @example 2.2
                 */
                gamma?: number;
                /**
                 * @description Converts to greyscale.
                 * @example true
                 */
                grayscale?: boolean;
                /**
                 * @description Median filter, which removes specks: the side of its square window in pixels.
                 * @example 3
                 */
                median?: number;
                /**
                 * @description Makes pixels of at least this brightness white, and all others black.
                 * @example 128
                 */
                threshold?: number;
                /**
                 * @description Gaussian blur: sigma in pixels of the result.
                 * @example 5
                 */
                blur?: number;
                /**
                 * @description Lightness factor.
                 * @example 1.2
                 */
                brightness?: number;
                /**
                 * @description Saturation factor.
                 * @example 0.5
                 */
                saturation?: number;
                /**
                 * @description Hue rotation in degrees.
                 * @example 90
                 */
                hue?: number;
                /**
                 * @description Unsharp mask: sigma in pixels of the result.
                 * @example 1
                 */
                sharpen?: number;
                /**
                 * @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %.
                 * @example true
                 */
                normalize?: boolean;
                /**
                 * @description CSS colour to tint the image with; lightness is kept.
                 * @example #ff8800
                 */
                tint?: string;
                /**
                 * @description Inverts the colours; transparency is kept.
                 * @example true
                 */
                negate?: boolean;
                /**
                 * @description image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                watermark?: string;
                /**
                 * @description Position of the watermark; tile repeats it over the whole result.
                 * @example left top
                 */
                watermark_position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
                /**
                 * @description Opacity of the watermark, from 0 (invisible) to 1 (opaque).
                 * @example 0.5
                 */
                watermark_opacity?: number;
                /**
                 * @description Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept. Default: its own size.
                 * @example 0.25
                 */
                watermark_scale?: number;
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.
                 * @example webp
                 */
                format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /** @description Short for format. */
                f?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /**
                 * @description Encoder quality. No effect on gif; below 100, png is reduced to a palette.
                 * @example 75
                 */
                quality?: number;
                /** @description Short for quality. */
                q?: number;
                /**
                 * @description Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.
                 * @example true
                 */
                lossless?: boolean;
                /**
                 * @description Progressive jpeg, or interlaced png or gif.
                 * @example true
                 */
                progressive?: boolean;
                /**
                 * @description Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.
                 * @example 6
                 */
                effort?: number;
                /**
                 * @description Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.
                 * @example 5000
                 */
                max_bytes?: number;
                /**
                 * @description Keeps an animation, if the format of the result supports it (gif and webp).
                 * @example false
                 */
                animated?: boolean;
                /**
                 * @description Single frame of an animation, or page of a tiff, to use, counted from 0.
                 * @example 0
                 */
                page?: number;
                /**
                 * @description Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.
                 * @example copyright
                 */
                metadata?: "strip" | "copyright" | "keep";
                /**
                 * @description Named set of parameters from the configuration; explicit parameters override it.
                 * @example thumbnail
                 */
                preset?: string;
                /**
                 * @description Has browsers save the image under this name instead of showing it.
                 * @example photo.jpg
                 */
                download?: string;
            };
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
                /** @description ETags of what the client has: 304 where one still holds. */
                "If-None-Match"?: string;
                /**
                 * @description The bytes wanted of an image as it was uploaded, as one range.
                 * @example bytes=0-1023
                 */
                Range?: string;
                /** @description An ETag: Range counts only while it holds. */
                "If-Range"?: string;
            };
            path: {
                /**
                 * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                image_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image is there. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Names these very bytes; send it back in If-None-Match or If-Range. */
                    ETag?: string;
                    /** @description An image never changes: public, max-age=31536000, immutable. With preset, which is configuration: public, max-age=300. */
                    "Cache-Control"?: string;
                    /** @description On an image as it was uploaded. */
                    "Accept-Ranges"?: "bytes";
                    /** @description With the parameter download: attachment, and the name. */
                    "Content-Disposition"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    /** @description Bytes of the body that GET would send. */
                    "Content-Length"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has this image already. */
            304: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Names these very bytes; send it back in If-None-Match or If-Range. */
                    ETag?: string;
                    /** @description An image never changes: public, max-age=31536000, immutable. With preset, which is configuration: public, max-age=300. */
                    "Cache-Control"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImageInfo: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path: {
                /**
                 * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                image_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of the image. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "success";
                        message: string;
                        /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                        request_id: string;
                        /** @enum {unknown} */
                        format: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "svg";
                        /** @enum {unknown} */
                        media_type: "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/gif" | "image/tiff" | "image/svg+xml";
                        /** @description Pixels, upright as the EXIF orientation says. */
                        width: number;
                        /** @description Pixels, upright as the EXIF orientation says; of one frame of an animation. */
                        height: number;
                        /** @description Bytes of the whole image. */
                        size: number;
                        /** @description Frames of an animation or pages of a document; 1 for a still image. */
                        frames: number;
                        /** @description EXIF orientation; 1 where none is given. */
                        orientation: number;
                        has_alpha: boolean;
                        /** @description Colour space of the file, such as srgb, cmyk or b-w. */
                        color_space: string;
                        /**
                         * Format: date-time
                         * @description When the image was stored.
                         */
                        created_at?: string;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makeVariants: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path: {
                /**
                 * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                image_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio.
                     * @example 720
                     */
                    width?: number;
                    /**
                     * @description Height of the result in pixels.
                     * @example 480
                     */
                    height?: number;
                    /**
                     * @description Device pixel ratio: multiplies width and height, but not pad.
                     * @default 1
                     * @example 2
                     */
                    dpr?: number;
                    /**
                     * @description How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio, inside and outside keep it and make the result at most or at least that large.
                     * @default cover
                     * @example contain
                     * @enum {unknown}
                     */
                    fit?: "cover" | "contain" | "fill" | "inside" | "outside";
                    /**
                     * @description Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the region with the most detail or the most salient one.
                     * @default center
                     * @example right top
                     * @enum {unknown}
                     */
                    position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
                    /**
                     * @description x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from the top left. Overrides position.
                     * @example 0.2,0.3
                     */
                    focus?: string | number[] | number;
                    /**
                     * @description Whether to enlarge an image that is smaller than width and height.
                     * @default true
                     * @example false
                     */
                    enlarge?: boolean;
                    /**
                     * @description left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.
                     * @example 10,20,100,80
                     */
                    crop?: string | number[] | number;
                    /**
                     * @description Trims edges that differ from the top left pixel by no more than this threshold; true means 10. Not for animations.
                     * @example true
                     */
                    trim?: number | boolean;
                    /**
                     * @description Mirrors vertically, top to bottom.
                     * @default false
                     * @example true
                     */
                    flip?: boolean;
                    /**
                     * @description Mirrors horizontally, left to right.
                     * @default false
                     * @example true
                     */
                    flop?: boolean;
                    /**
                     * @description Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.
                     * @default 0
                     * @example 90
                     */
                    rotate?: number;
                    /**
                     * Format: color
                     * @description CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it.
                     * @default black
                     * @example white
                     */
                    background?: string;
                    /**
                     * @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.
                     * @example 10,20,10,20
                     */
                    pad?: string | number[] | number;
                    /**
                     * @description Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.
                     * @example 2.2
                     */
                    gamma?: number;
                    /**
                     * @description Converts to greyscale.
                     * @default false
                     * @example true
                     */
                    grayscale?: boolean;
                    /**
                     * @description Median filter, which removes specks: the side of its square window in pixels.
                     * @example 3
                     */
                    median?: number;
                    /**
                     * @description Makes pixels of at least this brightness white, and all others black.
                     * @example 128
                     */
                    threshold?: number;
                    /**
                     * @description Gaussian blur: sigma in pixels of the result.
                     * @example 5
                     */
                    blur?: number;
                    /**
                     * @description Lightness factor.
                     * @default 1
                     * @example 1.2
                     */
                    brightness?: number;
                    /**
                     * @description Saturation factor.
                     * @default 1
                     * @example 0.5
                     */
                    saturation?: number;
                    /**
                     * @description Hue rotation in degrees.
                     * @default 0
                     * @example 90
                     */
                    hue?: number;
                    /**
                     * @description Unsharp mask: sigma in pixels of the result.
                     * @example 1
                     */
                    sharpen?: number;
                    /**
                     * @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %.
                     * @default false
                     * @example true
                     */
                    normalize?: boolean;
                    /**
                     * Format: color
                     * @description CSS colour to tint the image with; lightness is kept.
                     * @example #ff8800
                     */
                    tint?: string;
                    /**
                     * @description Inverts the colours; transparency is kept.
                     * @default false
                     * @example true
                     */
                    negate?: boolean;
                    /**
                     * @description image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit.
                     * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                     */
                    watermark?: string;
                    /**
                     * @description Position of the watermark; tile repeats it over the whole result.
                     * @default right bottom
                     * @example left top
                     * @enum {unknown}
                     */
                    watermark_position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
                    /**
                     * @description Opacity of the watermark, from 0 (invisible) to 1 (opaque).
                     * @default 1
                     * @example 0.5
                     */
                    watermark_opacity?: number;
                    /**
                     * @description Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept. Default: its own size.
                     * @example 0.25
                     */
                    watermark_scale?: number;
                    /**
                     * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.
                     * @example webp
                     * @enum {unknown}
                     */
                    format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                    /**
                     * @description Encoder quality. No effect on gif; below 100, png is reduced to a palette.
                     * @example 75
                     */
                    quality?: number;
                    /**
                     * @description Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.
                     * @default false
                     * @example true
                     */
                    lossless?: boolean;
                    /**
                     * @description Progressive jpeg, or interlaced png or gif.
                     * @default false
                     * @example true
                     */
                    progressive?: boolean;
                    /**
                     * @description Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.
                     * @example 6
                     */
                    effort?: number;
                    /**
                     * @description Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.
                     * @example 5000
                     */
                    max_bytes?: number;
                    /**
                     * @description Keeps an animation, if the format of the result supports it (gif and webp).
                     * @default true
                     * @example false
                     */
                    animated?: boolean;
                    /**
                     * @description Single frame of an animation, or page of a tiff, to use, counted from 0.
                     * @example 0
                     */
                    page?: number;
                    /**
                     * @description Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.
                     * @default strip
                     * @example copyright
                     * @enum {unknown}
                     */
                    metadata?: "strip" | "copyright" | "keep";
                    /**
                     * @description Named set of parameters from the configuration; explicit parameters override it.
                     * @example thumbnail
                     */
                    preset?: string;
                    /** @description 1 to 20 sets of transformation parameters, each of which makes an image; what stands beside them holds for every set that does not say otherwise. */
                    variants: {
                        /**
                         * @description Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio.
                         * @example 720
                         */
                        width?: number;
                        /**
                         * @description Height of the result in pixels.
                         * @example 480
                         */
                        height?: number;
                        /**
                         * @description Device pixel ratio: multiplies width and height, but not pad.
                         * @default 1
                         * @example 2
                         */
                        dpr?: number;
                        /**
                         * @description How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio, inside and outside keep it and make the result at most or at least that large.
                         * @default cover
                         * @example contain
                         * @enum {unknown}
                         */
                        fit?: "cover" | "contain" | "fill" | "inside" | "outside";
                        /**
                         * @description Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the region with the most detail or the most salient one.
                         * @default center
                         * @example right top
                         * @enum {unknown}
                         */
                        position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
                        /**
                         * @description x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from the top left. Overrides position.
                         * @example 0.2,0.3
                         */
                        focus?: string | number[] | number;
                        /**
                         * @description Whether to enlarge an image that is smaller than width and height.
                         * @default true
                         * @example false
                         */
                        enlarge?: boolean;
                        /**
                         * @description left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.
                         * @example 10,20,100,80
                         */
                        crop?: string | number[] | number;
                        /**
                         * @description Trims edges that differ from the top left pixel by no more than this threshold; true means 10. Not for animations.
                         * @example true
                         */
                        trim?: number | boolean;
                        /**
                         * @description Mirrors vertically, top to bottom.
                         * @default false
                         * @example true
                         */
                        flip?: boolean;
                        /**
                         * @description Mirrors horizontally, left to right.
                         * @default false
                         * @example true
                         */
                        flop?: boolean;
                        /**
                         * @description Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.
                         * @default 0
                         * @example 90
                         */
                        rotate?: number;
                        /**
                         * Format: color
                         * @description CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it.
                         * @default black
                         * @example white
                         */
                        background?: string;
                        /**
                         * @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.
                         * @example 10,20,10,20
                         */
                        pad?: string | number[] | number;
                        /**
                         * @description Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.
                         * @example 2.2
                         */
                        gamma?: number;
                        /**
                         * @description Converts to greyscale.
                         * @default false
                         * @example true
                         */
                        grayscale?: boolean;
                        /**
                         * @description Median filter, which removes specks: the side of its square window in pixels.
                         * @example 3
                         */
                        median?: number;
                        /**
                         * @description Makes pixels of at least this brightness white, and all others black.
                         * @example 128
                         */
                        threshold?: number;
                        /**
                         * @description Gaussian blur: sigma in pixels of the result.
                         * @example 5
                         */
                        blur?: number;
                        /**
                         * @description Lightness factor.
                         * @default 1
                         * @example 1.2
                         */
                        brightness?: number;
                        /**
                         * @description Saturation factor.
                         * @default 1
                         * @example 0.5
                         */
                        saturation?: number;
                        /**
                         * @description Hue rotation in degrees.
                         * @default 0
                         * @example 90
                         */
                        hue?: number;
                        /**
                         * @description Unsharp mask: sigma in pixels of the result.
                         * @example 1
                         */
                        sharpen?: number;
                        /**
                         * @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %.
                         * @default false
                         * @example true
                         */
                        normalize?: boolean;
                        /**
                         * Format: color
                         * @description CSS colour to tint the image with; lightness is kept.
                         * @example #ff8800
                         */
                        tint?: string;
                        /**
                         * @description Inverts the colours; transparency is kept.
                         * @default false
                         * @example true
                         */
                        negate?: boolean;
                        /**
                         * @description image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit.
                         * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                         */
                        watermark?: string;
                        /**
                         * @description Position of the watermark; tile repeats it over the whole result.
                         * @default right bottom
                         * @example left top
                         * @enum {unknown}
                         */
                        watermark_position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
                        /**
                         * @description Opacity of the watermark, from 0 (invisible) to 1 (opaque).
                         * @default 1
                         * @example 0.5
                         */
                        watermark_opacity?: number;
                        /**
                         * @description Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept. Default: its own size.
                         * @example 0.25
                         */
                        watermark_scale?: number;
                        /**
                         * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.
                         * @example webp
                         * @enum {unknown}
                         */
                        format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                        /**
                         * @description Encoder quality. No effect on gif; below 100, png is reduced to a palette.
                         * @example 75
                         */
                        quality?: number;
                        /**
                         * @description Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.
                         * @default false
                         * @example true
                         */
                        lossless?: boolean;
                        /**
                         * @description Progressive jpeg, or interlaced png or gif.
                         * @default false
                         * @example true
                         */
                        progressive?: boolean;
                        /**
                         * @description Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.
                         * @example 6
                         */
                        effort?: number;
                        /**
                         * @description Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.
                         * @example 5000
                         */
                        max_bytes?: number;
                        /**
                         * @description Keeps an animation, if the format of the result supports it (gif and webp).
                         * @default true
                         * @example false
                         */
                        animated?: boolean;
                        /**
                         * @description Single frame of an animation, or page of a tiff, to use, counted from 0.
                         * @example 0
                         */
                        page?: number;
                        /**
                         * @description Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.
                         * @default strip
                         * @example copyright
                         * @enum {unknown}
                         */
                        metadata?: "strip" | "copyright" | "keep";
                        /**
                         * @description Named set of parameters from the configuration; explicit parameters override it.
                         * @example thumbnail
                         */
                        preset?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description The images are made. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description SHA-256 of the file in lowercase hex, as sha256sum prints it.
                         * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                         */
                        image_id: string;
                        /** @description In the order of the request. */
                        variants: {
                            /** @description Path of the image, for GET. */
                            url: string;
                            /** @enum {unknown} */
                            format: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "svg";
                            /** @enum {unknown} */
                            media_type: "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/gif" | "image/tiff" | "image/svg+xml";
                            /** @description Pixels. */
                            width: number;
                            /** @description Pixels; of one frame of an animation. */
                            height: number;
                            /** @description Bytes of the whole image. */
                            size: number;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resizeImage: {
        parameters: {
            query?: {
                /**
                 * @description Width of the result in pixels. With only one of width and height, the other follows from the aspect ratio.
                 * @example 720
                 */
                width?: number;
                /** @description Short for width. */
                w?: number;
                /**
                 * @description Height of the result in pixels.
                 * @example 480
                 */
                height?: number;
                /** @description Short for height. */
                h?: number;
                /**
                 * @description Device pixel ratio: multiplies width and height, but not pad.
                 * @example 2
                 */
                dpr?: number;
                /**
                 * @description How the image fits width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio, inside and outside keep it and make the result at most or at least that large.
                 * @example contain
                 */
                fit?: "cover" | "contain" | "fill" | "inside" | "outside";
                /**
                 * @description Part of the image that cover keeps, or where contain places it. entropy and attention (cover only) pick the region with the most detail or the most salient one.
                 * @example right top
                 */
                position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "entropy" | "attention";
                /**
                 * @description x,y: focal point that cover keeps as close to the centre as possible, as fractions of width and height from the top left. Overrides position.
                 * @example 0.2,0.3
                 */
                focus?: string;
                /**
                 * @description Whether to enlarge an image that is smaller than width and height.
                 * @example false
                 */
                enlarge?: boolean;
                /**
                 * @description left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.
                 * @example 10,20,100,80
                 */
                crop?: string;
                /**
                 * @description Trims edges that differ from the top left pixel by no more than this threshold; true means 10. Not for animations.
                 * @example true
                 */
                trim?: number | boolean;
                /**
                 * @description Mirrors vertically, top to bottom.
                 * @example true
                 */
                flip?: boolean;
                /**
                 * @description Mirrors horizontally, left to right.
                 * @example true
                 */
                flop?: boolean;
                /**
                 * @description Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.
                 * @example 90
                 */
                rotate?: number;
                /**
                 * @description CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it.
                 * @example white
                 */
                background?: string;
                /** @description Short for background. */
                bg?: string;
                /**
                 * @description Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.
                 * @example 10,20,10,20
                 */
                pad?: string;
                /**
                 * @description Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.
                 * @example 2.2
                 */
                gamma?: number;
                /**
                 * @description Converts to greyscale.
                 * @example true
                 */
                grayscale?: boolean;
                /**
                 * @description Median filter, which removes specks: the side of its square window in pixels.
                 * @example 3
                 */
                median?: number;
                /**
                 * @description Makes pixels of at least this brightness white, and all others black.
                 * @example 128
                 */
                threshold?: number;
                /**
                 * @description Gaussian blur: sigma in pixels of the result.
                 * @example 5
                 */
                blur?: number;
                /**
                 * @description Lightness factor.
                 * @example 1.2
                 */
                brightness?: number;
                /**
                 * @description Saturation factor.
                 * @example 0.5
                 */
                saturation?: number;
                /**
                 * @description Hue rotation in degrees.
                 * @example 90
                 */
                hue?: number;
                /**
                 * @description Unsharp mask: sigma in pixels of the result.
                 * @example 1
                 */
                sharpen?: number;
                /**
                 * @description Stretches the lightness to the full range, clipping the darkest and lightest 1 %.
                 * @example true
                 */
                normalize?: boolean;
                /**
                 * @description CSS colour to tint the image with; lightness is kept.
                 * @example #ff8800
                 */
                tint?: string;
                /**
                 * @description Inverts the colours; transparency is kept.
                 * @example true
                 */
                negate?: boolean;
                /**
                 * @description image_id of a stored image to overlay on the result. One larger than the result is scaled down to fit.
                 * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                 */
                watermark?: string;
                /**
                 * @description Position of the watermark; tile repeats it over the whole result.
                 * @example left top
                 */
                watermark_position?: "center" | "top" | "right top" | "right" | "right bottom" | "bottom" | "left bottom" | "left" | "left top" | "tile";
                /**
                 * @description Opacity of the watermark, from 0 (invisible) to 1 (opaque).
                 * @example 0.5
                 */
                watermark_opacity?: number;
                /**
                 * @description Scales the watermark to fit within this fraction of the width and height of the result, aspect ratio kept. Default: its own size.
                 * @example 0.25
                 */
                watermark_scale?: number;
                /**
                 * @description Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.
                 * @example webp
                 */
                format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /** @description Short for format. */
                f?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff" | "auto";
                /**
                 * @description Encoder quality. No effect on gif; below 100, png is reduced to a palette.
                 * @example 75
                 */
                quality?: number;
                /** @description Short for quality. */
                q?: number;
                /**
                 * @description Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.
                 * @example true
                 */
                lossless?: boolean;
                /**
                 * @description Progressive jpeg, or interlaced png or gif.
                 * @example true
                 */
                progressive?: boolean;
                /**
                 * @description Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.
                 * @example 6
                 */
                effort?: number;
                /**
                 * @description Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.
                 * @example 5000
                 */
                max_bytes?: number;
                /**
                 * @description Keeps an animation, if the format of the result supports it (gif and webp).
                 * @example false
                 */
                animated?: boolean;
                /**
                 * @description Single frame of an animation, or page of a tiff, to use, counted from 0.
                 * @example 0
                 */
                page?: number;
                /**
                 * @description Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.
                 * @example copyright
                 */
                metadata?: "strip" | "copyright" | "keep";
                /**
                 * @description Named set of parameters from the configuration; explicit parameters override it.
                 * @example thumbnail
                 */
                preset?: string;
            };
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file.
                     */
                    image: Blob;
                };
                "application/octet-stream": Blob;
                "image/*": Blob;
            };
        };
        responses: {
            /** @description The image that was made. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Accept, with format=auto. */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": Blob;
                    "image/png": Blob;
                    "image/webp": Blob;
                    "image/avif": Blob;
                    "image/gif": Blob;
                    "image/tiff": Blob;
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported format */
            415: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable image */
            422: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Worker lost */
            502: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down, or Store unavailable */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Timeout */
            504: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It lives. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are. */
            200: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ready";
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Overloaded, or Shutting down */
            503: {
                headers: {
                    /** @description 1 to 128 printable ASCII characters, returned with the reply and written to every log line of the request. */
                    "X-Request-Id"?: string;
                    /** @description Milliseconds that the request waited for a worker, that the worker took, that looking into the caches took, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6. */
                    "Server-Timing"?: string;
                    /** @description Seconds after which the same request may succeed. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
