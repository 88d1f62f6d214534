using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ModelBuild.Runtime;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Models;
using ModelBuild.Serving.Telemetry;

namespace ModelBuild.Serving.Rest;

/// <summary>Answers requests for the metadata and the health of the server and its models.</summary>
internal sealed class MetadataHandler(ServedModels models, ILogger<MetadataHandler> logger)
{
    public static Task ServerAsync(HttpContext context) =>
        RestJson.WriteAsync(
            context,
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString(InferenceNames.Name, ServerFacts.Name);
                json.WriteString("version", ServerFacts.Version);
                json.WriteStartArray(InferenceNames.Extensions);
                foreach (var extension in ServerFacts.Extensions)
                    json.WriteStringValue(extension);
                json.WriteEndArray();
            }
        );

    public static Task LiveAsync(HttpContext context) => RestJson.WriteAsync(context, StatusCodes.Status200OK, json => json.WriteBoolean("live", true));

    public async Task ReadyAsync(HttpContext context)
    {
        var isReady = await Task.Run(() => models.All.All(model => model.IsReady())).ConfigureAwait(false);
        await RestJson.WriteAsync(context, Status(isReady), json => json.WriteBoolean("ready", isReady)).ConfigureAwait(false);
    }

    public Task ModelReadyAsync(HttpContext context) =>
        WithModelAsync(
            context,
            async model =>
            {
                var isReady = await Task.Run(model.IsReady).ConfigureAwait(false);
                await RestJson
                    .WriteAsync(
                        context,
                        Status(isReady),
                        json =>
                        {
                            json.WriteString(InferenceNames.Name, model.Name);
                            json.WriteBoolean("ready", isReady);
                        }
                    )
                    .ConfigureAwait(false);
            }
        );

    public Task ModelAsync(HttpContext context) =>
        WithModelAsync(
            context,
            model =>
            {
                var contract = model.Contract;
                return RestJson.WriteAsync(
                    context,
                    StatusCodes.Status200OK,
                    json =>
                    {
                        json.WriteString(InferenceNames.Name, model.Name);
                        json.WriteStartArray("versions");
                        foreach (var version in models.Versions(model.Name))
                            json.WriteStringValue(version);
                        json.WriteEndArray();
                        json.WriteString("platform", ServerFacts.Platform);
                        WriteTensors(json, InferenceNames.Inputs, contract.Inputs);
                        WriteTensors(json, InferenceNames.Outputs, contract.Outputs);
                    }
                );
            }
        );

    private static int Status(bool isReady) => isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private static void WriteTensors(Utf8JsonWriter json, string name, IReadOnlyList<TensorContract> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in ServedTensor.Of(tensors))
        {
            json.WriteStartObject();
            json.WriteString(InferenceNames.Name, tensor.Name);
            json.WriteString(InferenceNames.DataType, tensor.DataType);
            json.WriteStartArray(InferenceNames.Shape);
            foreach (var size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task WithModelAsync(HttpContext context, Func<ServedModel, Task> answer)
    {
        try
        {
            await answer(models.Find((string)context.GetRouteValue("name")!, (string?)context.GetRouteValue("version"))).ConfigureAwait(false);
        }
        catch (ServingException exception)
        {
            await RestJson.WriteErrorAsync(context, exception.Status, exception.Message).ConfigureAwait(false);
        }
        catch (Exception exception) when (ServedModel.IsUnusable(exception) && !context.Response.HasStarted)
        {
            await RestJson
                .WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, ServingException.Busy(exception.Message).Message)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            ServingLog.RequestFailed(logger, (string)context.GetRouteValue("name")!, exception);
            await RestJson.WriteErrorAsync(context, StatusCodes.Status500InternalServerError, ServingException.Failure).ConfigureAwait(false);
        }
    }
}
