using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Models;
using ModelBuild.Serving.Requests;
using ModelBuild.Serving.Telemetry;

namespace ModelBuild.Serving.Rest;

/// <summary>Answers inference requests.</summary>
internal sealed class InferenceHandler(ServedModels models, RequestLimits limits, ServingTelemetry telemetry, ILogger<InferenceHandler> logger)
{
    private const string Protocol = "http";

    public async Task InferAsync(HttpContext context)
    {
        string? name = null;
        int? failure = null;
        telemetry.Begin(Protocol);
        try
        {
            var model = models.Find((string)context.GetRouteValue("name")!, (string?)context.GetRouteValue("version"));
            name = model.Name;
            await InferAsync(context, model).ConfigureAwait(false);
        }
        catch (ServingException exception)
        {
            await RestJson.WriteErrorAsync(context, exception.Status, exception.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has closed the connection, so no answer is written.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception)
        {
            failure = StatusCodes.Status500InternalServerError;
            ServingLog.RequestFailed(logger, name, exception);
            // If a part of the answer was already sent, the exception closes the connection. This shows the client that the answer is not complete.
            if (context.Response.HasStarted)
                throw;
            context.Response.Clear();
            await RestJson.WriteErrorAsync(context, failure.Value, ServingException.Failure).ConfigureAwait(false);
        }
        finally
        {
            telemetry.End(Protocol, name, failure ?? context.Response.StatusCode);
        }
    }

    private async Task InferAsync(HttpContext context, ServedModel model)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
            throw new ServingException(StatusCodes.Status415UnsupportedMediaType, "The body is compressed, which the server does not support.");
        limits.Enter();
        try
        {
            using var body = new RequestBody(limits);
            await body.ReadAsync(context).ConfigureAwait(false);
            var request = RestRequest.Read(context.Request, body.Bytes);
            using var run = await InferenceRunner
                .RunAsync(model, request.Inputs, request.Outputs, request.IsBinary, context.RequestAborted)
                .ConfigureAwait(false);
            await new RestAnswer(context.Response, run, request.Id).WriteAsync(context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            limits.Exit();
        }
    }
}
