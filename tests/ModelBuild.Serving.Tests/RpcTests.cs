using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Rpc;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>The gRPC service, with a client that is generated from the description of the protocol.</summary>
public sealed class RpcTests : IAsyncLifetime
{
    private readonly TemporaryFolder _files = new();
    private RunningServer _server = null!;
    private GRPCInferenceService.GRPCInferenceServiceClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync(
            services => services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp())),
            options =>
            {
                options.AddFile("types", _files.Write("types.onnx", TinyModels.EveryType())).AddFile("free", _files.Write("free.onnx", TinyModels.Free()));
                options.MaxRequestBytes = 100_000;
            }
        );
        _client = new GRPCInferenceService.GRPCInferenceServiceClient(_server.Channel);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task The_server_describes_itself_and_its_models()
    {
        Assert.True((await _client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Token)).Live);
        Assert.True((await _client.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: Token)).Ready);
        Assert.True((await _client.ModelReadyAsync(new ModelReadyRequest { Name = "MlpModel", Version = "1" }, cancellationToken: Token)).Ready);
        Assert.Equal("modelbuild", (await _client.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: Token)).Name);
        var model = await _client.ModelMetadataAsync(new ModelMetadataRequest { Name = "MlpModel" }, cancellationToken: Token);
        Assert.Equal(("features", "FP32"), (model.Inputs[0].Name, model.Inputs[0].Datatype));
        Assert.Equal([-1L, 64], model.Inputs[0].Shape);
        Assert.Equal([-1L, 10], model.Outputs[0].Shape);
    }

    [Fact]
    public async Task Raw_and_typed_contents_have_the_same_result()
    {
        float[] x = [.. Enumerable.Range(0, 128).Select(i => MathF.Cos(i))];
        var raw = new ModelInferRequest
        {
            ModelName = "MlpModel",
            Id = "7",
            Inputs = { Tensor("features", "FP32", 2, 64) },
            RawInputContents = { UnsafeByteOperations.UnsafeWrap(System.Runtime.InteropServices.MemoryMarshal.AsBytes(x.AsSpan()).ToArray()) },
        };
        var typed = new ModelInferRequest { ModelName = "MlpModel", Inputs = { Tensor("features", "FP32", 2, 64) } };
        typed.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { x } };

        var one = await _client.ModelInferAsync(raw, cancellationToken: Token);
        var two = await _client.ModelInferAsync(typed, cancellationToken: Token);

        Assert.Equal(("7", "MlpModel", "1"), (one.Id, one.ModelName, one.ModelVersion));
        Assert.Equal([2L, 10], one.Outputs.Single().Shape);
        Assert.Equal(80, one.RawOutputContents.Single().Length);
        Assert.Equal(one.RawOutputContents, two.RawOutputContents);
    }

    [Fact]
    public async Task All_typed_contents_pass()
    {
        var request = new ModelInferRequest { ModelName = "types" };
        Add("float32", "FP32", contents => contents.Fp32Contents.Add([1.5f, -2]));
        Add("float64", "FP64", contents => contents.Fp64Contents.Add([0.1, -2]));
        Add("int8", "INT8", contents => contents.IntContents.Add([-128, 127]));
        Add("int16", "INT16", contents => contents.IntContents.Add([short.MinValue, short.MaxValue]));
        Add("int32", "INT32", contents => contents.IntContents.Add([int.MinValue, int.MaxValue]));
        Add("int64", "INT64", contents => contents.Int64Contents.Add([long.MinValue, long.MaxValue]));
        Add("uint8", "UINT8", contents => contents.UintContents.Add([0u, 255u]));
        Add("uint16", "UINT16", contents => contents.UintContents.Add([0u, 65535u]));
        Add("uint32", "UINT32", contents => contents.UintContents.Add([0u, uint.MaxValue]));
        Add("uint64", "UINT64", contents => contents.Uint64Contents.Add([0ul, ulong.MaxValue]));
        Add("bool", "BOOL", contents => contents.BoolContents.Add([true, false]));
        Add("string", "BYTES", contents => contents.BytesContents.Add([ByteString.CopyFromUtf8("grüße"), ByteString.Empty]));
        Add("float16", "FP16", _ => { });
        Add("bfloat16", "BF16", _ => { });

        // 16-bit floats have no typed contents.
        var refused = await RefusedAsync(request);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("needs raw contents", refused.Status.Detail, StringComparison.Ordinal);
        foreach (var input in request.Inputs)
        {
            request.RawInputContents.Add(Bytes(input));
            input.Contents = null;
        }

        var answer = await _client.ModelInferAsync(request, cancellationToken: Token);

        Assert.Equal(request.RawInputContents, request.Inputs.Select(input => answer.RawOutputContents[Index(answer, input.Name + "_out")]));

        void Add(string name, string dataType, Action<InferTensorContents> fill)
        {
            var tensor = Tensor(name, dataType, 2);
            tensor.Contents = new InferTensorContents();
            fill(tensor.Contents);
            request.Inputs.Add(tensor);
        }
    }

    [Fact]
    public async Task Wrong_calls_have_one_status_each()
    {
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(new ModelInferRequest { ModelName = "nothing" })).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(new ModelInferRequest { ModelName = "free" })).StatusCode);
        var few = new ModelInferRequest
        {
            ModelName = "free",
            Inputs = { Tensor("x", "FP32", 3) },
            RawInputContents = { ByteString.CopyFrom(new byte[8]) },
        };
        Assert.Contains("has 8 bytes, and its shape [3]", (await RefusedAsync(few)).Status.Detail, StringComparison.Ordinal);
        few.Inputs[0].Shape[0] = -3;
        Assert.Contains("negative", (await RefusedAsync(few)).Status.Detail, StringComparison.Ordinal);
        few.RawInputContents.Add(ByteString.Empty);
        Assert.Contains("1 inputs and 2 raw contents", (await RefusedAsync(few)).Status.Detail, StringComparison.Ordinal);
        var narrow = new ModelInferRequest { ModelName = "types", Inputs = { Tensor("int8", "INT8", 1) } };
        narrow.Inputs[0].Contents = new InferTensorContents { IntContents = { 128 } };
        Assert.Contains("128, which is no INT8", (await RefusedAsync(narrow)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_message_is_refused_and_a_smaller_one_is_not()
    {
        var request = new ModelInferRequest
        {
            ModelName = "free",
            Inputs = { Tensor("x", "FP32", 30_000) },
            RawInputContents = { ByteString.CopyFrom(new byte[120_000]) },
        };
        Assert.Equal(StatusCode.ResourceExhausted, (await RefusedAsync(request)).StatusCode);
        request.Inputs[0].Shape[0] = 20_000;
        // These bytes would be empty inputs outside of the contents.
        request.RawInputContents[0] = ByteString.CopyFrom([.. Enumerable.Range(0, 80_000).Select(i => (byte)(i % 2 == 0 ? 0x2A : 0))]);
        Assert.Equal(80_000, (await _client.ModelInferAsync(request, cancellationToken: Token)).RawOutputContents[0].Length);
    }

    [Fact]
    public async Task A_compressed_message_is_refused()
    {
        // The client library compresses a message when the call has this entry.
        var options = new CallOptions(new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token);

        var infer = await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(new ModelInferRequest { ModelName = "free" }, options));
        var live = await Assert.ThrowsAsync<RpcException>(async () => await _client.ServerLiveAsync(new ServerLiveRequest(), options));

        Assert.Equal((StatusCode.Unimplemented, StatusCode.Unimplemented), (infer.StatusCode, live.StatusCode));
        Assert.Contains("compressed", infer.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_with_too_many_tensors_is_refused_before_it_is_read()
    {
        var request = new ModelInferRequest { ModelName = "free", Inputs = { Enumerable.Repeat(new ModelInferRequest.Types.InferInputTensor(), 1000) } };
        request.Outputs.Add(Enumerable.Repeat(new ModelInferRequest.Types.InferRequestedOutputTensor(), 24));
        Assert.DoesNotContain("more than", (await RefusedAsync(request)).Status.Detail, StringComparison.Ordinal);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor());

        var refused = await RefusedAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("more than 1024 inputs and outputs", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_message_of_another_call_is_refused()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await _client.ModelReadyAsync(new ModelReadyRequest { Name = new string('x', 80_000) }, cancellationToken: Token)
        );

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task Texts_that_the_shape_does_not_have_are_refused()
    {
        var request = new ModelInferRequest { ModelName = "types", Inputs = { Tensor("string", "BYTES", 2) } };
        request.Inputs[0].Contents = new InferTensorContents { BytesContents = { Enumerable.Repeat(ByteString.Empty, 3) } };

        Assert.Contains("has 3 texts, and its shape has 2", (await RefusedAsync(request)).Status.Detail, StringComparison.Ordinal);
    }

    private static ModelInferRequest.Types.InferInputTensor Tensor(string name, string dataType, params long[] shape) =>
        new()
        {
            Name = name,
            Datatype = dataType,
            Shape = { shape },
        };

    private static int Index(ModelInferResponse answer, string name) => answer.Outputs.Select(output => output.Name).ToList().IndexOf(name);

    private static ByteString Bytes(ModelInferRequest.Types.InferInputTensor input) =>
        input.Datatype switch
        {
            "BYTES" => ByteString.CopyFrom([1, 0, 0, 0, 65, 0, 0, 0, 0]),
            "FP64" or "INT64" or "UINT64" => ByteString.CopyFrom([.. Enumerable.Range(0, 16).Select(i => (byte)i)]),
            "FP32" or "INT32" or "UINT32" => ByteString.CopyFrom([.. Enumerable.Range(0, 8).Select(i => (byte)i)]),
            "BOOL" => ByteString.CopyFrom([0, 1]),
            "INT8" or "UINT8" => ByteString.CopyFrom([5, 200]),
            _ => ByteString.CopyFrom([1, 2, 3, 4]),
        };

    private async Task<RpcException> RefusedAsync(ModelInferRequest request) =>
        await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, cancellationToken: Token));
}
