package dev.jurat.app.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** Between Jetty and the routes: who is calling, how much is sent, which route, and how an error looks. */
final class RouterHandler extends Handler.Abstract {
    private final Router router;
    private final DoorLimits limits;
    private final Heads heads;
    private final Bodies bodies;
    private final Unread unread;
    private final Negotiation negotiation = new Negotiation();
    private final Semaphore requests;
    private final Optional<Peers> peers;
    private final Faults faults;

    RouterHandler(Router router, DoorLimits limits, Heads heads, Optional<Peers> peers, Faults faults) {
        this.router = router;
        this.limits = limits;
        this.heads = heads;
        this.bodies = new Bodies(limits.bodyBytesTotalMax());
        this.unread = new Unread(limits);
        this.requests = new Semaphore(limits.requestsMax());
        this.peers = peers;
        this.faults = faults;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        heads.arrived(endPoint);
        ApiAnswer answer;
        if (requests.tryAcquire()) {
            try {
                answer = negotiation.answer(request.getHeaders(), answer(request));
            } catch (ApiException e) {
                answer = e.answer();
            } catch (IOException e) {
                callback.failed(e);
                return true;
            } catch (RuntimeException e) {
                answer = faults.answer(e);
            } finally {
                requests.release();
            }
        } else {
            answer = Bodies.busy().answer();
        }
        // What a POST did is done: its answer goes out whatever room there is.
        if (!HttpMethod.POST.is(request.getMethod()) && !unread.hold(endPoint, answer.body().length)) {
            answer = Bodies.busy().answer();
        }
        send(answer, request, response, callback);
        return true;
    }

    private void send(ApiAnswer answer, Request request, Response response, Callback callback) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        Scheduler.Task late = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> endPoint.close(new TimeoutException("the answer was not read in time")),
                        limits.transferMillisMax(answer.body().length),
                        TimeUnit.MILLISECONDS);
        write(answer, response, Callback.from(callback, () -> {
            late.cancel();
            unread.release(endPoint);
            heads.awaited(endPoint);
        }));
    }

    private ApiAnswer answer(Request request) throws ApiException, IOException {
        String peer = "";
        if (peers.isPresent()) {
            EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
            peer = peers.get().admitted(endPoint);
        }
        Router.Match match = router.match(request.getMethod(), path(request));
        String query = request.getHttpURI().getQuery();
        Map<String, String> parameters = Form.parse(query == null ? "" : query);
        try (Bodies.Held body = body(request, match.bodyBytesMax())) {
            return match.route()
                    .answer(new ApiRequest(
                            match.variables(), parameters, mediaType(request), body.bytes(), peer, Optional.empty()));
        }
    }

    /** The path as it was sent, with a query that nobody asks for, where the routes want it so; else without its escapes, parameters and dot segments. */
    private String path(Request request) {
        String sent = request.getHttpURI().getPathQuery();
        return router.exact() && sent != null && sent.startsWith("/") ? sent : Request.getPathInContext(request);
    }

    /** Reads the body by the time that a request of its size has; counted from the first byte of the head. */
    private Bodies.Held body(Request request, long bytesMax) throws ApiException, IOException {
        long declared = request.getLength();
        long millis = limits.transferMillisMax(declared < 0 ? bytesMax : Math.min(declared, bytesMax))
                - (System.nanoTime() - request.getBeginNanoTime()) / 1_000_000;
        try (InputStream in = Content.Source.asInputStream(request);
                Deadline deadline = new Deadline(request.getComponents().getScheduler(), Math.max(1, millis))) {
            try {
                return bodies.read(in, declared, bytesMax);
            } catch (IOException e) {
                if (deadline.end() || e.getCause() instanceof TimeoutException) {
                    throw late();
                }
                throw e;
            }
        }
    }

    private static ApiException late() {
        return new ApiException(
                408,
                "request-timeout",
                "the request did not arrive in time",
                Owner.YOU,
                "send the same request again, faster; nothing was processed");
    }

    private static String mediaType(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type == null ? "" : type.split(";", 2)[0].strip();
    }

    private static void write(ApiAnswer answer, Response response, Callback callback) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        if (answer.status() != HttpStatus.NOT_MODIFIED_304) {
            headers.put(HttpHeader.CONTENT_TYPE, answer.mediaType());
            headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        }
        headers.put(new HttpField("X-Content-Type-Options", "nosniff"));
        answer.headers().forEach(headers::put);
        if (answer.status() == 413 || answer.status() == 408) {
            // What is left of the body is not read: the connection ends here.
            headers.put(HttpHeader.CONNECTION, "close");
        }
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }
}
