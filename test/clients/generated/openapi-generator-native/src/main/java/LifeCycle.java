import imgwire.ApiClient;
import imgwire.ApiException;
import imgwire.api.ImagesApi;
import imgwire.api.ImagesApi.APIDeleteImageRequest;
import imgwire.api.ImagesApi.APIGetImageInfoRequest;
import imgwire.api.ImagesApi.APIGetImageRequest;
import imgwire.api.ImagesApi.APIListImagesRequest;
import imgwire.api.ImagesApi.APIMakeVariantsRequest;
import imgwire.api.ImagesApi.APIPutImageRequest;
import imgwire.api.ImagesApi.APIUploadImageRequest;
import imgwire.model.ErrorCode;
import imgwire.model.Fit;
import imgwire.model.ImageFormat;
import imgwire.model.OutputFormat;
import imgwire.model.OutputFormatOrAuto;
import imgwire.model.Problem;
import imgwire.model.Transformation;
import imgwire.model.VariantsRequest;
import java.io.File;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

public class LifeCycle {
  static ApiClient client;

  public static void main(String[] args) throws Exception {
    String otherId = args[3];
    client = clientOf(args[0]);
    var images = new ImagesApi(client);

    var upload = APIUploadImageRequest.newBuilder().image(new File(args[1])).build();
    var stored = images.uploadImage(upload);
    equal(List.of(true, 1200, ImageFormat.JPEG), List.of(stored.getCreated(), stored.getWidth(), stored.getFormat()));
    String id = stored.getImageId();

    // putImage would send the path of the file as JSON: the interceptor sends the file in its place.
    var uploads = clientOf(args[0]);
    var body = BodyPublishers.ofFile(Path.of(args[2]));
    uploads.setRequestInterceptor(request -> request.PUT(body));
    var put = new ImagesApi(uploads)
        .putImage(APIPutImageRequest.newBuilder().imageId(otherId).body(new File(args[2])).build());
    equal(List.of(true, otherId), List.of(put.getCreated(), put.getImageId()));

    Path folder = Path.of(args[4]);
    var original = images.getImage(APIGetImageRequest.newBuilder().imageId(id).build());
    Files.copy(original.toPath(), folder.resolve("original"));
    var resize = APIGetImageRequest.newBuilder().imageId(id).width(300).format(OutputFormatOrAuto.WEBP).build();
    Files.copy(images.getImage(resize).toPath(), folder.resolve("resized"));

    var info = images.getImageInfo(APIGetImageInfoRequest.newBuilder().imageId(id).build());
    equal(List.of(1200, 900, 1, false),
        List.of(info.getWidth(), info.getHeight(), info.getFrames(), info.getHasAlpha()));

    var page = images.listImages(APIListImagesRequest.newBuilder().build());
    equal(Set.of(id, otherId), page.getImages().stream().map(image -> image.getImageId()).collect(Collectors.toSet()));

    var sets = List.of(new Transformation().width(100), new Transformation().width(200).height(200));
    var request = new VariantsRequest().format(OutputFormat.WEBP).fit(Fit.INSIDE).variants(sets);
    var variants = APIMakeVariantsRequest.newBuilder().imageId(id).variantsRequest(request).build();
    var sizes = images.makeVariants(variants).getVariants().stream()
        .map(variant -> variant.getFormat() + " " + variant.getWidth() + "x" + variant.getHeight());
    equal(List.of("webp 100x75", "webp 200x150"), sizes.toList());

    var bad = APIGetImageRequest.newBuilder().imageId(id).background("no-colour").build();
    Problem refused = refusal(400, images, bad);
    equal(List.of(ErrorCode.INVALID_REQUEST, "background"), List.of(refused.getCode(), refused.getParameter()));

    images.deleteImage(APIDeleteImageRequest.newBuilder().imageId(id).build());
    var deleted = APIGetImageRequest.newBuilder().imageId(id).build();
    equal(ErrorCode.NOT_FOUND, refusal(404, images, deleted).getCode());
  }

  static ApiClient clientOf(String url) {
    var client = new ApiClient();
    client.updateBaseUri(url);
    return client;
  }

  static Problem refusal(int status, ImagesApi images, APIGetImageRequest request) throws Exception {
    try {
      throw new AssertionError("Expected " + status + " but received " + images.getImage(request));
    } catch (ApiException error) {
      equal(status, error.getCode());
      return client.getObjectMapper().readValue(error.getResponseBody(), Problem.class);
    }
  }

  static void equal(Object expected, Object actual) {
    if (!expected.equals(actual)) throw new AssertionError("Expected " + expected + " but received " + actual);
  }
}
