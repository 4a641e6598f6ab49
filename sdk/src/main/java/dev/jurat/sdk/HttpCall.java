package dev.jurat.sdk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One HTTP/1.1 request, its body whole. The path is sent as it stands, so it must already be percent-encoded. */
record HttpCall(String method, String path, String contentType, byte[] body) {
    static HttpCall get(String path) {
        return new HttpCall("GET", path, "", new byte[0]);
    }

    static HttpCall post(String path, String contentType, byte[] body) {
        return new HttpCall("POST", path, contentType, body);
    }

    HttpCall {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) > '~') {
                throw new IllegalArgumentException("the path is not percent-encoded");
            }
        }
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder(160)
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n");
        if (method.equals("POST")) {
            head.append("Content-Type: ").append(contentType).append("\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length() + body.length + 2);
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }
}
