using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelBuild.Runtime;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Models;
using ModelBuild.Serving.Requests;
using ModelBuild.Serving.Telemetry;

namespace ModelBuild.Serving.Rpc;

/// <summary>Answers the calls of the gRPC service.</summary>
internal sealed class InferenceService(ServedModels models, ServingTelemetry telemetry, ILogger<InferenceService> logger)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public const string Protocol = "grpc";

    /// <summary>The key of the item that marks a call as counted by the service, so that the call is not counted again.</summary>
    public static readonly object Counted = new();

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        new() { Ready = await Task.Run(() => models.All.All(model => model.IsReady())).ConfigureAwait(false) };

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        var model = Find(request.Name, request.Version);
        return new ModelReadyResponse { Ready = await Task.Run(model.IsReady).ConfigureAwait(false) };
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(
            new ServerMetadataResponse
            {
                Name = ServerFacts.Name,
                Version = ServerFacts.Version,
                Extensions = { ServerFacts.Extensions },
            }
        );

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var model = Find(request.Name, request.Version);
        try
        {
            var contract = model.Contract;
            return Task.FromResult(
                new ModelMetadataResponse
                {
                    Name = model.Name,
                    Versions = { models.Versions(model.Name) },
                    Platform = ServerFacts.Platform,
                    Inputs = { Tensors(contract.Inputs) },
                    Outputs = { Tensors(contract.Outputs) },
                }
            );
        }
        catch (Exception exception) when (ServedModel.IsUnusable(exception))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, ServingException.Busy(exception.Message).Message));
        }
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var (name, status) = (default(string), StatusCodes.Status200OK);
        telemetry.Begin(Protocol);
        context.GetHttpContext().Items[Counted] = true;
        try
        {
            var model = models.Find(request.ModelName, request.ModelVersion);
            name = model.Name;
            using var run = await InferenceRunner
                .RunAsync(
                    model,
                    Inputs(request),
                    [.. request.Outputs.Select(output => new InferenceTensor { Name = output.Name })],
                    isBinary: true,
                    context.CancellationToken
                )
                .ConfigureAwait(false);
            return Answer(request, run);
        }
        catch (ServingException exception)
        {
            status = exception.Status;
            throw new RpcException(new Status(RpcStatus.Of(exception.Status), exception.Message));
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            status = StatusCodes.Status499ClientClosedRequest;
            throw;
        }
#pragma warning disable CA1031 // For any exception, the caller gets a status, and the log contains the cause.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            status = StatusCodes.Status500InternalServerError;
            ServingLog.RequestFailed(logger, name, exception);
            throw new RpcException(new Status(StatusCode.Internal, ServingException.Failure));
        }
        finally
        {
            telemetry.End(Protocol, name, status);
        }
    }

    private static List<InferenceInput> Inputs(ModelInferRequest request)
    {
        if (request.RawInputContents.Count > 0 && request.RawInputContents.Count != request.Inputs.Count)
            throw ServingException.BadRequest($"The request has {request.Inputs.Count} inputs and {request.RawInputContents.Count} raw contents.");
        try
        {
            return [.. request.Inputs.Select((input, index) => RpcContents.Input(input, request.RawInputContents.ElementAtOrDefault(index)))];
        }
        catch (FormatException exception)
        {
            throw ServingException.BadRequest($"The request is not one of the protocol: {exception.Message}", exception);
        }
    }

    private static ModelInferResponse Answer(ModelInferRequest request, InferenceRun run)
    {
        var answer = new ModelInferResponse
        {
            ModelName = run.Model.Name,
            ModelVersion = run.Model.Version,
            Id = request.Id,
        };
        foreach (var output in run.Outputs)
        {
            answer.Outputs.Add(
                new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = output.Tensor.Name,
                    Datatype = output.Tensor.DataType,
                    Shape = { run.Shape(output).ToArray() },
                }
            );
            answer.RawOutputContents.Add(Bytes(run, output));
        }

        return answer;
    }

    private static ByteString Bytes(InferenceRun run, InferenceOutput output)
    {
        if (output.Tensor.DataType != InferenceType.Bytes)
            return ByteString.CopyFrom(run.Bytes(output));
        var texts = new byte[TensorStrings.Size(run.Texts(output))];
        TensorStrings.Write(run.Texts(output), texts);
        return UnsafeByteOperations.UnsafeWrap(texts);
    }

    private static IEnumerable<ModelMetadataResponse.Types.TensorMetadata> Tensors(IReadOnlyList<TensorContract> contracts) =>
        ServedTensor
            .Of(contracts)
            .Select(tensor => new ModelMetadataResponse.Types.TensorMetadata
            {
                Name = tensor.Name,
                Datatype = tensor.DataType,
                Shape = { tensor.Shape },
            });

    private ServedModel Find(string name, string version)
    {
        try
        {
            return models.Find(name, version);
        }
        catch (ServingException exception)
        {
            throw new RpcException(new Status(StatusCode.NotFound, exception.Message));
        }
    }
}
