import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;

// Reads documents with swagger-parser. Arguments: files. Prints what each lacks, or the number of responses that it has.
public class ReadDocuments {
  public static void main(String[] files) {
    var options = new ParseOptions();
    options.setResolve(true);
    boolean ok = true;
    for (String file : files) {
      var result = new OpenAPIV3Parser().readLocation(file, null, options);
      var messages = result.getMessages();
      if (result.getOpenAPI() == null || messages != null && !messages.isEmpty()) {
        System.out.println(file + ": " + messages);
        ok = false;
        continue;
      }
      int responses = 0;
      for (PathItem path : result.getOpenAPI().getPaths().values()) responses += path.getGet().getResponses().size();
      System.out.println(file + ": read, " + responses + " responses");
    }
    System.exit(ok ? 0 : 1);
  }
}
