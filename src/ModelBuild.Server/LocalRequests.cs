using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModelBuild.Server;

/// <summary>
/// Refuses requests of web pages to a server that listens only on loopback addresses. A browser on the same machine reaches such a server, and a page can
/// send it requests without permission: with a name of its own that resolves to the loopback address, or with a type of content that needs no
/// preflight.
/// </summary>
internal static class LocalRequests
{
    /// <summary>Adds the check before all endpoints. A refused request has the status 403.</summary>
    public static void Require(WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                if (Fault(context.Request) is { } fault)
                    await RefuseAsync(context.Response, fault).ConfigureAwait(false);
                else
                    await next(context).ConfigureAwait(false);
            }
        );

    private static string? Fault(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
            return "The host of the request must be localhost or a loopback address, because the server listens only on loopback addresses.";
        if (request.Headers.ContainsKey("Origin") || request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return "The request comes from a web page. A server that listens only on loopback addresses answers no web pages.";
        return null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Task RefuseAsync(HttpResponse response, string error)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.ContentType = "application/json";
        return response.WriteAsync(JsonSerializer.Serialize(new { error }));
    }
}
