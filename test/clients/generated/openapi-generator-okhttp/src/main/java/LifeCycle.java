import imgwire.ApiClient;
import imgwire.ApiException;
import imgwire.api.ImagesApi;
import imgwire.model.ErrorCode;
import imgwire.model.Fit;
import imgwire.model.ImageFormat;
import imgwire.model.OutputFormat;
import imgwire.model.OutputFormatOrAuto;
import imgwire.model.Problem;
import imgwire.model.Transformation;
import imgwire.model.VariantsRequest;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

public class LifeCycle {
  interface Call {
    Object run() throws ApiException;
  }

  public static void main(String[] args) throws Exception {
    String otherId = args[3];
    var images = new ImagesApi(new ApiClient().setBasePath(args[0]));

    var stored = images.uploadImage(new File(args[1])).execute();
    equal(List.of(true, 1200, ImageFormat.JPEG), List.of(stored.getCreated(), stored.getWidth(), stored.getFormat()));
    String id = stored.getImageId();

    var put = images.putImage(otherId, new File(args[2])).execute();
    equal(List.of(true, otherId), List.of(put.getCreated(), put.getImageId()));

    Path folder = Path.of(args[4]);
    Files.copy(images.getImage(id).execute().toPath(), folder.resolve("original"));
    var resized = images.getImage(id).width(300).format(OutputFormatOrAuto.WEBP).execute();
    Files.copy(resized.toPath(), folder.resolve("resized"));

    var info = images.getImageInfo(id).execute();
    equal(List.of(1200, 900, 1, false),
        List.of(info.getWidth(), info.getHeight(), info.getFrames(), info.getHasAlpha()));

    var page = images.listImages().execute();
    equal(Set.of(id, otherId), page.getImages().stream().map(image -> image.getImageId()).collect(Collectors.toSet()));

    var sets = List.of(new Transformation().width(100), new Transformation().width(200).height(200));
    var request = new VariantsRequest().format(OutputFormat.WEBP).fit(Fit.INSIDE).variants(sets);
    var sizes = images.makeVariants(id, request).execute().getVariants().stream()
        .map(variant -> variant.getFormat() + " " + variant.getWidth() + "x" + variant.getHeight());
    equal(List.of("webp 100x75", "webp 200x150"), sizes.toList());

    Problem refused = refusal(400, () -> images.getImage(id).background("no-colour").execute());
    equal(List.of(ErrorCode.INVALID_REQUEST, "background"), List.of(refused.getCode(), refused.getParameter()));

    images.deleteImage(id).execute();
    equal(ErrorCode.NOT_FOUND, refusal(404, () -> images.getImage(id).execute()).getCode());
    System.exit(0); // OkHttp's connection pool has threads that outlive main.
  }

  static Problem refusal(int status, Call call) throws Exception {
    try {
      throw new AssertionError("Expected " + status + " but received " + call.run());
    } catch (ApiException error) {
      equal(status, error.getCode());
      return Problem.fromJson(error.getResponseBody());
    }
  }

  static void equal(Object expected, Object actual) {
    if (!expected.equals(actual)) throw new AssertionError("Expected " + expected + " but received " + actual);
  }
}
