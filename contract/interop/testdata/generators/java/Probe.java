import com.example.iam.model.DomainQuotaError;
import com.example.iam.model.QuotaType;
import com.example.ims.model.GatewayError;
import com.example.ims.model.ImageError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Calls both operations with the clients of openapi-generator's java, library native. The argument is the file of cases. */
public class Probe {
  static String account(String url, String token, String domain, String type) throws Exception {
    var client = new com.example.iam.ApiClient();
    client.updateBaseUri(url);
    if (!token.isEmpty()) client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
    var found = new ArrayList<String>();
    try {
      var kind = type.isEmpty() ? null : QuotaType.fromValue(type);
      for (var q : new com.example.iam.api.AccountQuotasApi(client).showDomainQuota(domain, kind).getQuotas().getResources())
        found.add(values(q.getType(), q.getUsed(), q.getQuota(), q.getMin(), q.getMax()));
    } catch (com.example.iam.ApiException e) {
      if (e.getCode() == 0) throw e;
      return e.getCode() + " " + client.getObjectMapper().readValue(e.getResponseBody(), DomainQuotaError.class).getErrorCode();
    }
    return String.join(" ", found);
  }

  static String images(String url, String token) throws Exception {
    var client = new com.example.ims.ApiClient();
    client.updateBaseUri(url);
    if (!token.isEmpty()) client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
    var found = new ArrayList<String>();
    try {
      for (var q : new com.example.ims.api.ImageQuotasApi(client).showImageQuota().getQuotas().getResources())
        found.add(values(q.getType(), q.getUsed(), q.getQuota(), q.getMin(), q.getMax()));
    } catch (com.example.ims.ApiException e) {
      if (e.getCode() == 0) throw e;
      var mapper = client.getObjectMapper();
      var error = mapper.readValue(e.getResponseBody(), ImageError.class).getError();
      return e.getCode() + " "
          + (error != null ? error.getCode() : mapper.readValue(e.getResponseBody(), GatewayError.class).getErrorCode());
    }
    return String.join(" ", found);
  }

  static String values(String type, Integer used, Integer quota, Integer min, Integer max) {
    return type + "=" + used + "/" + quota + "/" + min + "/" + max;
  }

  public static void main(String[] args) throws Exception {
    for (var line : Files.readAllLines(Path.of(args[0]))) {
      var c = line.split("\t", -1); // name, URL, token, domain, type
      String result;
      try {
        result = c[3].isEmpty() ? images(c[1], c[2]) : account(c[1], c[2], c[3], c[4]);
      } catch (Exception e) {
        result = e.toString();
      }
      System.out.println(c[0] + "\t" + result);
    }
  }
}
