import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.IamClient;
import com.huaweicloud.sdk.iam.v3.model.ShowDomainQuotaRequest;
import com.huaweicloud.sdk.ims.v2.ImsClient;
import com.huaweicloud.sdk.ims.v2.model.ShowImageQuotaRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.stream.Collectors;

// Calls both operations with the vendor's SDK for Java. The argument is the URL of the provider.
//
// Each line of standard input is a call: operation, access key, secret, security token, account or project, type; joined by tabs.
// Each line of standard output is what the SDK returned: the resources, or status, code, message and request id of the error.
public class Call {
  static final String ACCOUNT = "d78cbac186b744899480f25bd022f468";

  static String account(String url, String[] call) {
    var credentials = new GlobalCredentials().withAk(call[1]).withSk(call[2]).withDomainId(ACCOUNT);
    if (!call[3].isEmpty()) credentials.withSecurityToken(call[3]);
    var client = IamClient.newBuilder().withCredential(credentials).withEndpoints(List.of(url)).build();
    var request = new ShowDomainQuotaRequest().withDomainId(call[4]);
    if (!call[5].isEmpty()) request.withType(ShowDomainQuotaRequest.TypeEnum.fromValue(call[5]));
    return client.showDomainQuota(request).getQuotas().getResources().stream()
        .map(r -> r.getType() + "=" + r.getUsed() + "/" + r.getQuota() + "/" + r.getMin() + "/" + r.getMax())
        .collect(Collectors.joining(" "));
  }

  static String images(String url, String[] call) {
    var credentials = new BasicCredentials().withAk(call[1]).withSk(call[2]).withProjectId(call[4]);
    if (!call[3].isEmpty()) credentials.withSecurityToken(call[3]);
    var client = ImsClient.newBuilder().withCredential(credentials).withEndpoints(List.of(url)).build();
    return client.showImageQuota(new ShowImageQuotaRequest()).getQuotas().getResources().stream()
        .map(r -> r.getType() + "=" + r.getUsed() + "/" + r.getQuota() + "/" + r.getMin() + "/" + r.getMax())
        .collect(Collectors.joining(" "));
  }

  public static void main(String[] args) throws Exception {
    var calls = new BufferedReader(new InputStreamReader(System.in));
    for (String line = calls.readLine(); line != null; line = calls.readLine()) {
      String[] call = line.split("\t", -1);
      try {
        System.out.println(call[0].equals("showImageQuota") ? images(args[0], call) : account(args[0], call));
      } catch (ServiceResponseException e) {
        System.out.println(String.join("\t", "" + e.getHttpStatusCode(), e.getErrorCode(), e.getErrorMsg(), e.getRequestId()));
      }
    }
    System.exit(0); // the SDK's threads stay
  }
}
