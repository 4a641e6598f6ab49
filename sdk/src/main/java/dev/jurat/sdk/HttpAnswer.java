package dev.jurat.sdk;

/** A whole HTTP answer: status 100 to 599 and the decoded body. */
record HttpAnswer(int status, byte[] body) {
    boolean ok() {
        return status >= 200 && status < 300;
    }
}
