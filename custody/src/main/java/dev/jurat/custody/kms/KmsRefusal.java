package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.contract.ForeignJson;

/** What the key service says no with, and what that is to us. */
final class KmsRefusal {
    private static final int SERVER_ERROR = 500;

    private KmsRefusal() {}

    static CustodyException of(String action, int status, ForeignJson.Obj answer) {
        String type = text(answer, "__type");
        String name = type.substring(type.indexOf('#') + 1);
        return CustodyException.of(
                code(name, status),
                "the key service refuses " + action + ": " + (name.isEmpty() ? "status " + status : name));
    }

    private static CustodyCode code(String name, int status) {
        return switch (name) {
            case "NotFoundException" -> CustodyCode.KEY_UNKNOWN;
            case "AlreadyExistsException" -> CustodyCode.KEY_EXISTS;
            case "AccessDeniedException", "KMSInvalidStateException", "DisabledException", "InvalidKeyUsageException" ->
                CustodyCode.DENIED;
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignatureException",
                    "MissingAuthenticationTokenException",
                    "ExpiredTokenException" -> CustodyCode.LOCKED;
            case "ThrottlingException", "TooManyRequestsException" -> CustodyCode.BUSY;
            case "LimitExceededException" -> CustodyCode.FULL;
            case "UnsupportedOperationException" -> CustodyCode.SUITE;
            case "DependencyTimeoutException" -> CustodyCode.TIMEOUT;
            default -> status >= SERVER_ERROR ? CustodyCode.FAILED : CustodyCode.DENIED;
        };
    }

    /** A member's text; empty where there is none. */
    static String text(ForeignJson.Obj object, String name) {
        return object.members().get(name) instanceof ForeignJson.Str text ? text.value() : "";
    }
}
