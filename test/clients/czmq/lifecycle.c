/* The life cycle of an image over a REQ socket of CZMQ.
   Arguments: endpoint, photo, file for the resized image. After a line on stdin, pings the service that restarted. */
#include <czmq.h>
#include <jansson.h>

#define TIMEOUT_MS 10000

typedef struct {
    json_t *json;
    zframe_t *image; /* NULL without a second frame */
} reply_t;

static zsock_t *open_socket(const char *endpoint) {
    zsock_t *req = zsock_new(ZMQ_REQ);
    zsock_set_linger(req, 0);
    zsock_set_rcvtimeo(req, TIMEOUT_MS);
    zsock_set_sndtimeo(req, TIMEOUT_MS);
    if (zsock_connect(req, "%s", endpoint) != 0) {
        fprintf(stderr, "Cannot connect to %s: %s\n", endpoint, zmq_strerror(zmq_errno()));
        exit(1);
    }
    return req;
}

/* Takes the request. json is NULL where no reply came in time. */
static reply_t call(zsock_t *req, json_t *request, zchunk_t *image) {
    reply_t reply = {NULL, NULL};
    zmsg_t *message = zmsg_new();
    char *text = json_dumps(request, JSON_COMPACT);
    zmsg_addstr(message, text);
    free(text);
    json_decref(request);
    if (image) zmsg_addmem(message, zchunk_data(image), zchunk_size(image));
    if (zmsg_send(&message, req) != 0) {
        zmsg_destroy(&message);
        return reply;
    }
    message = zmsg_recv(req);
    if (!message) return reply;
    zframe_t *head = zmsg_pop(message);
    reply.json = json_loadb((const char *)zframe_data(head), zframe_size(head), 0, NULL);
    reply.image = zmsg_pop(message);
    zframe_destroy(&head);
    zmsg_destroy(&message);
    return reply;
}

static const char *text_of(reply_t reply, const char *field) {
    const char *value = json_string_value(json_object_get(reply.json, field));
    return value ? value : "";
}

static json_int_t number_of(reply_t reply, const char *field) {
    return json_integer_value(json_object_get(reply.json, field));
}

static void check(bool holds, const char *what, reply_t reply) {
    if (holds) return;
    char *text = reply.json ? json_dumps(reply.json, 0) : NULL;
    fprintf(stderr, "Mismatch in %s: %s\n", what, text ? text : "no reply in time");
    exit(1);
}

static void release(reply_t *reply) {
    json_decref(reply->json);
    zframe_destroy(&reply->image);
}

static void run(zsock_t *req, zchunk_t *photo, const char *output) {
    reply_t reply = call(req, json_pack("{ssss}", "operation", "upload", "request_id", "czmq-1"), photo);
    check(streq(text_of(reply, "status"), "success"), "upload: status", reply);
    check(streq(text_of(reply, "request_id"), "czmq-1"), "upload: request_id", reply);
    check(json_is_true(json_object_get(reply.json, "created")), "upload: created", reply);
    char *image_id = strdup(text_of(reply, "image_id"));
    release(&reply);

    zarmour_t *base64 = zarmour_new();
    zarmour_set_mode(base64, ZARMOUR_MODE_BASE64_STD);
    char *encoded = zarmour_encode(base64, zchunk_data(photo), zchunk_size(photo));
    reply = call(req, json_pack("{ssss}", "operation", "upload", "image_data", encoded), NULL);
    check(streq(text_of(reply, "image_id"), image_id), "upload in base64: image_id", reply);
    check(json_is_false(json_object_get(reply.json, "created")), "upload in base64: created", reply);
    release(&reply);

    reply = call(req, json_pack("{ssss}", "operation", "info", "image_id", image_id), NULL);
    check(number_of(reply, "width") == 1200 && number_of(reply, "height") == 900, "info: width and height", reply);
    check(number_of(reply, "size") == (json_int_t)zchunk_size(photo), "info: size", reply);
    release(&reply);

    reply = call(req, json_pack("{ssss}", "operation", "retrieve", "image_id", image_id), NULL);
    check(streq(text_of(reply, "image_data"), encoded) && !reply.image, "retrieve in base64", reply);
    release(&reply);
    reply = call(req, json_pack("{ssssss}", "operation", "retrieve", "image_id", image_id, "transfer_encoding", "binary"),
                 NULL);
    check(reply.image && zframe_size(reply.image) == zchunk_size(photo) &&
              memcmp(zframe_data(reply.image), zchunk_data(photo), zchunk_size(photo)) == 0,
          "retrieve: bytes", reply);
    release(&reply);

    reply = call(req,
                 json_pack("{sssssisissss}", "operation", "resize", "image_id", image_id, "width", 300, "height", 225,
                           "format", "webp", "transfer_encoding", "binary"),
                 NULL);
    check(number_of(reply, "width") == 300 && number_of(reply, "height") == 225, "resize: width and height", reply);
    check(reply.image && number_of(reply, "size") == (json_int_t)zframe_size(reply.image), "resize: size", reply);
    FILE *file = fopen(output, "wb");
    if (!file || fwrite(zframe_data(reply.image), zframe_size(reply.image), 1, file) != 1 || fclose(file) != 0) exit(1);
    release(&reply);

    reply = call(req, json_pack("{ss}", "operation", "list"), NULL);
    json_t *images = json_object_get(reply.json, "images");
    check(json_array_size(images) == 1, "list: number of images", reply);
    check(streq(json_string_value(json_object_get(json_array_get(images, 0), "image_id")), image_id), "list: image_id",
          reply);
    release(&reply);

    reply = call(req, json_pack("{ssssss}", "operation", "resize", "image_id", image_id, "width", "abc"), NULL);
    check(streq(text_of(reply, "code"), "invalid_request"), "bad parameter: code", reply);
    check(streq(text_of(reply, "parameter"), "width"), "bad parameter: parameter", reply);
    release(&reply);

    reply = call(req, json_pack("{ssss}", "operation", "delete", "image_id", image_id), NULL);
    check(streq(text_of(reply, "image_id"), image_id), "delete: image_id", reply);
    release(&reply);
    reply = call(req, json_pack("{ssss}", "operation", "retrieve", "image_id", image_id), NULL);
    check(streq(text_of(reply, "code"), "not_found"), "retrieve after delete: code", reply);
    release(&reply);

    free(image_id);
    zstr_free(&encoded);
    zarmour_destroy(&base64);
}

int main(int argc, char *argv[]) {
    if (argc != 4) {
        fprintf(stderr, "Expected an endpoint, a photo and a file for the resized image\n");
        return 2;
    }
    zsys_handler_set(NULL);
    zchunk_t *photo = zchunk_slurp(argv[2], 0);
    if (!photo) return 2;
    zsock_t *req = open_socket(argv[1]);
    run(req, photo, argv[3]);
    zchunk_destroy(&photo);
    printf("done\n");
    fflush(stdout);

    if (getchar() == EOF) return 2;
    reply_t reply = call(req, json_pack("{ss}", "operation", "ping"), NULL);
    const char *which = "same socket";
    if (!reply.json) {
        zsock_destroy(&req);
        req = open_socket(argv[1]);
        reply = call(req, json_pack("{ss}", "operation", "ping"), NULL);
        which = "new socket";
    }
    check(streq(text_of(reply, "status"), "success"), "ping", reply);
    release(&reply);
    zsock_destroy(&req);
    printf("%s\n", which);
    return 0;
}
