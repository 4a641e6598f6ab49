package dev.jurat.app.http;

/** What answers one method on one path. Runs on a virtual thread and may block; bounds its own waiting. */
@FunctionalInterface
public interface Route {
    ApiAnswer answer(ApiRequest request) throws ApiException;
}
