import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** The whole life of an image over a REQ socket of JeroMQ. Arguments: endpoint, photo, file for the resized image. */
public class WholeLife {
  private static final int TIMEOUT_MS = 10_000;

  private final ZMQ.Socket socket;

  private WholeLife(ZMQ.Socket socket) {
    this.socket = socket;
  }

  private record Reply(JsonObject json, byte[] image) {
    String text(String field) {
      return json.has(field) ? json.get(field).getAsString() : null;
    }

    int number(String field) {
      return json.has(field) ? json.get(field).getAsInt() : -1;
    }
  }

  public static void main(String[] args) throws Exception {
    byte[] photo = Files.readAllBytes(Path.of(args[1]));
    try (ZContext context = new ZContext()) {
      WholeLife client = new WholeLife(open(context, args[0]));
      Files.write(Path.of(args[2]), client.run(photo));
      System.out.println("done");

      // The line says that the service has restarted.
      System.in.read();
      String which = "same socket";
      try {
        client.succeed(Map.of("operation", "ping"));
      } catch (IllegalStateException noReply) {
        new WholeLife(open(context, args[0])).succeed(Map.of("operation", "ping"));
        which = "new socket";
      }
      System.out.println(which);
    }
  }

  private static ZMQ.Socket open(ZContext context, String endpoint) {
    ZMQ.Socket socket = context.createSocket(SocketType.REQ);
    socket.setReceiveTimeOut(TIMEOUT_MS);
    socket.setSendTimeOut(TIMEOUT_MS);
    // Without it, closing the context waits for a request that nobody takes.
    socket.setLinger(0);
    // On a busy machine some connections of JeroMQ 0.6 never send their greeting: they are made again.
    socket.setHandshakeIvl(500);
    socket.connect(endpoint);
    return socket;
  }

  /** Returns the resized image. */
  private byte[] run(byte[] photo) throws Exception {
    String imageId = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(photo));

    Reply reply = succeed(Map.of("operation", "upload", "request_id", "java-1"), photo);
    check(imageId.equals(reply.text("image_id")), "upload: image_id", reply);
    check("java-1".equals(reply.text("request_id")), "upload: request_id", reply);
    check(reply.json.get("created").getAsBoolean(), "upload: created", reply);
    String encoded = Base64.getEncoder().encodeToString(photo);
    reply = succeed(Map.of("operation", "upload", "image_data", encoded));
    check(imageId.equals(reply.text("image_id")), "upload in base64: image_id", reply);
    check(!reply.json.get("created").getAsBoolean(), "upload in base64: created", reply);

    reply = succeed(Map.of("operation", "info", "image_id", imageId));
    check(reply.number("width") == 1200 && reply.number("height") == 900, "info: width and height", reply);
    check("jpeg".equals(reply.text("format")) && reply.number("size") == photo.length, "info: format, size", reply);

    reply = succeed(Map.of("operation", "retrieve", "image_id", imageId));
    check(encoded.equals(reply.text("image_data")) && reply.image == null, "retrieve in base64", reply);
    Map<String, Object> retrieve = Map.of("operation", "retrieve", "image_id", imageId, "transfer_encoding", "binary");
    reply = succeed(retrieve);
    check(Arrays.equals(photo, reply.image), "retrieve: bytes", reply);

    reply = succeed(Map.of("operation", "resize", "image_id", imageId, "width", 300, "format", "webp",
        "transfer_encoding", "binary"));
    check(reply.number("width") == 300 && reply.number("height") == 225, "resize: width and height", reply);
    check("webp".equals(reply.text("format")), "resize: format", reply);
    check(reply.image != null && reply.image.length == reply.number("size"), "resize: size", reply);
    byte[] resized = reply.image;

    reply = succeed(Map.of("operation", "list"));
    var images = reply.json.getAsJsonArray("images");
    check(images.size() == 1, "list: number of images", reply);
    check(imageId.equals(images.get(0).getAsJsonObject().get("image_id").getAsString()), "list: image_id", reply);

    reply = fail(Map.of("operation", "resize", "image_id", imageId, "width", "abc"), "invalid_request");
    check("width".equals(reply.text("parameter")), "bad parameter: parameter", reply);

    reply = succeed(Map.of("operation", "delete", "image_id", imageId));
    check(imageId.equals(reply.text("image_id")), "delete: image_id", reply);
    fail(retrieve, "not_found");
    return resized;
  }

  private Reply succeed(Map<String, Object> request, byte[]... frames) {
    Reply reply = call(request, frames);
    check("success".equals(reply.text("status")), request.get("operation") + ": status", reply);
    return reply;
  }

  private Reply fail(Map<String, Object> request, String code) {
    Reply reply = call(request);
    check("error".equals(reply.text("status")), request.get("operation") + ": status", reply);
    check(code.equals(reply.text("code")), request.get("operation") + ": expected " + code, reply);
    return reply;
  }

  private Reply call(Map<String, Object> request, byte[]... frames) {
    ZMsg message = new ZMsg();
    message.add(new Gson().toJson(request).getBytes(StandardCharsets.UTF_8));
    for (byte[] frame : frames) message.add(frame);
    if (!message.send(socket)) throw new IllegalStateException(request.get("operation") + ": not sent in time");
    ZMsg received = ZMsg.recvMsg(socket);
    if (received == null) throw new IllegalStateException(request.get("operation") + ": no reply in time");
    String json = new String(received.pop().getData(), StandardCharsets.UTF_8);
    byte[] image = received.isEmpty() ? null : received.pop().getData();
    return new Reply(JsonParser.parseString(json).getAsJsonObject(), image);
  }

  private static void check(boolean holds, String what, Reply reply) {
    if (!holds) throw new IllegalStateException("Mismatch in " + what + ": " + reply.json);
  }
}
