import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Judges the corpus by Atlassian's validator. Arguments: CORPUS DOCUMENTS [--strict].
 *
 * <p>Each message goes over a loopback connection to the JDK's own parsers: requests to its HttpServer, responses to its
 * HttpClient. What these refuse counts as refused. For each side of each case it prints:
 * NAME, TAB, request or response, TAB, accepted, refused or error, TAB, the reason.
 */
public class Validate {
    static final class Refused extends Exception {
        Refused(String reason) {
            super(reason);
        }
    }

    interface Check {
        ValidationReport run() throws Exception;
    }

    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static HttpServer server;
    static SimpleRequest received;
    static Exception failure;

    public static void main(String[] args) throws Exception {
        try {
            judgeAll(args);
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0); // the server's thread would keep the program alive
    }

    static void judgeAll(String[] args) throws Exception {
        Path corpus = Path.of(args[0]), documents = Path.of(args[1]);
        boolean strict = args.length > 2;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Validate::receive);
        server.start();
        Map<String, OpenApiInteractionValidator> validators = new HashMap<>();
        for (JsonNode test : new ObjectMapper().readTree(corpus.resolve("index.json").toFile()).get("cases")) {
            String name = test.get("name").asText(), document = test.get("document").asText();
            if (!validators.containsKey(document)) {
                validators.put(document, load(documents.resolve(document + ".yaml"), strict));
            }
            Path request = corpus.resolve(test.get("request").asText()), response = corpus.resolve(test.get("response").asText());
            judge(validators.get(document), name, request, response);
        }
    }

    static OpenApiInteractionValidator load(Path document, boolean strict) {
        OpenApiInteractionValidator.Builder builder = OpenApiInteractionValidator.createFor(document.toUri().toString());
        if (strict) {
            builder.withStrictOperationPathMatching().withLevelResolver(
                    LevelResolver.create().withDefaultLevel(ValidationReport.Level.ERROR).build());
        }
        return builder.build();
    }

    static void judge(OpenApiInteractionValidator validator, String name, Path requestFile, Path responseFile) throws IOException {
        byte[] raw = Files.readAllBytes(requestFile);
        SimpleRequest[] request = new SimpleRequest[1];
        print(name, "request", () -> {
            request[0] = readRequest(raw);
            return validator.validateRequest(request[0]);
        });
        String method = new String(raw, StandardCharsets.ISO_8859_1).split(" ")[0];
        print(name, "response", () -> {
            SimpleResponse response = readResponse(Files.readAllBytes(responseFile), method);
            // Without an operation there is nothing to hold the response against, and the request is not its subject.
            return request[0] == null ? ValidationReport.empty()
                    : without(validator.validateResponse(request[0].getPath(), request[0].getMethod(), response));
        });
    }

    static ValidationReport without(ValidationReport report) {
        return ValidationReport.from(report.getMessages().stream()
                .filter(m -> !m.getKey().startsWith("validation.request.")).collect(Collectors.toList()));
    }

    static void print(String name, String side, Check check) {
        String result, reason = "";
        try {
            ValidationReport report = check.run();
            result = report.hasErrors() ? "refused" : "accepted";
            reason = report.getMessages().stream().filter(m -> m.getLevel() == ValidationReport.Level.ERROR)
                    .map(m -> m.getKey() + ": " + m.getMessage()).collect(Collectors.joining(" | "));
        } catch (Refused e) {
            result = "refused";
            reason = e.getMessage();
        } catch (Exception e) {
            result = "error";
            reason = e.toString();
        }
        System.out.println(String.join("\t", name, side, result, reason.replaceAll("\\s+", " ")));
    }

    /** Sends the bytes to the JDK's server, and returns what it made of them. */
    static SimpleRequest readRequest(byte[] raw) throws Exception {
        received = null;
        failure = null;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.getOutputStream().write(raw);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        if (failure != null) {
            throw failure;
        }
        if (received == null) {
            throw new Refused("HttpServer refuses the request");
        }
        return received;
    }

    static void receive(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            SimpleRequest.Builder builder =
                    new SimpleRequest.Builder(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), false);
            exchange.getRequestHeaders().forEach((header, values) -> builder.withHeader(header, values));
            String query = exchange.getRequestURI().getRawQuery();
            Map<String, List<String>> parameters = new LinkedHashMap<>();
            for (String pair : query == null ? new String[0] : query.split("&")) {
                String[] parts = pair.split("=", 2);
                String value = parts.length > 1 ? decode(parts[1]) : "";
                parameters.computeIfAbsent(decode(parts[0]), n -> new ArrayList<>()).add(value);
            }
            parameters.forEach((parameter, values) -> builder.withQueryParam(parameter, values));
            if (body.length > 0) {
                builder.withBody(body);
            }
            received = builder.build();
        } catch (Exception e) {
            failure = e instanceof IllegalArgumentException || e instanceof IOException ? new Refused(e.toString()) : e;
        }
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Sends a request to a server that responds with the bytes and closes the connection. */
    static SimpleResponse readResponse(byte[] raw, String method) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread provider = new Thread(() -> respond(listener, raw));
            provider.start();
            URI url = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
            HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(60))
                    .method(method, HttpRequest.BodyPublishers.noBody()).build();
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            provider.join();
            return convert(response.statusCode(), response.headers(), response.body());
        } catch (IOException | IllegalArgumentException e) { // the latter for a Content-Length that is no number
            throw new Refused("HttpClient: " + e.getMessage());
        }
    }

    static void respond(ServerSocket listener, byte[] raw) {
        try (Socket socket = listener.accept()) {
            int end = 0; // of the four bytes \r\n\r\n
            while (end < 4) {
                int b = socket.getInputStream().read();
                end = b == "\r\n\r\n".charAt(end) ? end + 1 : 0;
            }
            socket.getOutputStream().write(raw);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The client has closed the connection: it refused the response.
        }
    }

    static SimpleResponse convert(int status, HttpHeaders headers, byte[] body) throws IOException {
        String coding = headers.firstValue("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
        if (body.length > 0 && coding.equals("gzip")) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        } else if (body.length > 0 && coding.equals("deflate")) {
            body = new InflaterInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        SimpleResponse.Builder builder = new SimpleResponse.Builder(status);
        headers.map().forEach((header, values) -> builder.withHeader(header, values));
        if (body.length > 0) {
            builder.withBody(body);
        }
        return builder.build();
    }
}
