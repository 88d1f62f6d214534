using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>The addresses of the protocol, with JSON and binary tensors.</summary>
public sealed class RestTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_server_describes_itself_and_its_models()
    {
        await using var server = await StartAsync();

        Assert.Equal("""["binary_tensor_data"]""", (await GetAsync(server, "/v2")).GetProperty("extensions").GetRawText());
        Assert.Equal("modelbuild", (await GetAsync(server, "/v2/")).GetProperty("name").GetString());
        Assert.True((await GetAsync(server, "/v2/health/live")).GetProperty("live").GetBoolean());
        Assert.True((await GetAsync(server, "/v2/health/ready")).GetProperty("ready").GetBoolean());
        Assert.Equal(
            """{"name":"MlpModel","versions":["1"],"platform":"onnx_onnxv1","inputs":[{"name":"features","datatype":"FP32","shape":[-1,64]}]"""
                + ""","outputs":[{"name":"scores","datatype":"FP32","shape":[-1,10]}]}""",
            (await GetAsync(server, "/v2/models/MlpModel")).GetRawText()
        );
        Assert.Equal("""{"name":"MlpModel","ready":true}""", (await GetAsync(server, "/v2/models/MlpModel/versions/1/ready")).GetRawText());
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_not_ready()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, options => options.AddFile("none", _files.File("none.onnx")));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/v2/health/ready", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/v2/models/none/ready", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/v2/models/none", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync("/v2/models/none/infer", """{"inputs":[]}""", Token)).StatusCode);
        _files.Write("none.onnx", TinyModels.Relu());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/ready", Token)).StatusCode);
    }

    [Theory]
    [InlineData("[-1, 2, -3, 4]")]
    [InlineData("[[-1, 2], [-3, 4]]")]
    public async Task A_request_in_JSON_has_an_answer_in_JSON(string data)
    {
        await using var server = await StartAsync();

        var answer = await InferAsync(
            server,
            "/v2/models/relu/infer",
            $$"""{"id":"42","inputs":[{"data":{{data}},"name":"x","shape":[2,2],"datatype":"FP32"}],"outputs":[{"name":"y"}]}"""
        );

        Assert.Equal(
            """{"model_name":"relu","model_version":"3","id":"42","outputs":[{"name":"y","datatype":"FP32","shape":[2,2],"data":[0,2,0,4]}]}""",
            answer
        );
    }

    [Fact]
    public async Task Null_is_a_missing_member()
    {
        await using var server = await StartAsync();
        var members = """ "id":null,"outputs":null,"parameters":null """;

        var answer = await InferAsync(
            server,
            "/v2/models/relu/infer",
            $$"""{ {{members}},"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2],"parameters":null}]}"""
        );
        using var binary = await server.PostBinaryAsync(
            "/v2/models/relu/infer",
            $$"""{ {{members}},"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":null,"parameters":{"binary_data":null,"binary_data_size":4} }]}""",
            Bytes([3]),
            Token
        );

        Assert.Contains("\"data\":[1,2]", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"data\":[3]", await binary.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_tensors_follow_the_JSON_object()
    {
        await using var server = await StartAsync();
        float[] x = [-1, 2, float.PositiveInfinity];

        using var answer = await server.PostBinaryAsync(
            "/v2/models/relu/infer",
            """{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""",
            Bytes(x),
            Token
        );

        var body = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        var header = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
        using var json = JsonDocument.Parse(body.AsMemory(0, header));
        Assert.Equal(12, json.RootElement.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal(Bytes([0, 2, float.PositiveInfinity]), body[header..]);
    }

    [Fact]
    public async Task An_output_can_be_in_another_form_than_the_inputs()
    {
        await using var server = await StartAsync();
        var request =
            """{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}]"""
            + ""","outputs":[{"name":"y","parameters":{"binary_data":false}}]}""";

        Assert.Contains("\"data\":[1,2]", await InferAsync(server, "/v2/models/relu/infer", request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_JSON_lacks_needs_the_binary_form()
    {
        await using var server = await StartAsync();
        var json = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""";

        using var answer = await server.PostBinaryAsync("/v2/models/relu/infer", json, Bytes([float.PositiveInfinity]), Token);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
        Assert.Contains("'y' has an element that is infinite", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_element_types_pass_in_both_forms()
    {
        await using var server = await StartAsync();
        var request = """
            {"inputs":[
            {"name":"float32","shape":[2],"datatype":"FP32","data":[1.5,-2]},{"name":"float64","shape":[2],"datatype":"FP64","data":[0.1,-1e300]},
            {"name":"float16","shape":[2],"datatype":"FP16","data":[0.5,65504]},{"name":"bfloat16","shape":[2],"datatype":"BF16","data":[3.5,-1]},
            {"name":"int8","shape":[2],"datatype":"INT8","data":[-128,127]},{"name":"uint8","shape":[2],"datatype":"UINT8","data":[0,255]},
            {"name":"int16","shape":[2],"datatype":"INT16","data":[-32768,32767]},{"name":"uint16","shape":[2],"datatype":"UINT16","data":[0,65535]},
            {"name":"int32","shape":[2],"datatype":"INT32","data":[-2147483648,2147483647]},
            {"name":"uint32","shape":[2],"datatype":"UINT32","data":[0,4294967295]},
            {"name":"int64","shape":[2],"datatype":"INT64","data":[-9223372036854775808,9223372036854775807]},
            {"name":"uint64","shape":[2],"datatype":"UINT64","data":[0,18446744073709551615]},
            {"name":"bool","shape":[2],"datatype":"BOOL","data":[true,false]},
            {"name":"string","shape":[2],"datatype":"BYTES","data":["gr\u00fc\u00dfe 🙂",""]}]}
            """;

        using var sent = JsonDocument.Parse(request);
        using var answer = JsonDocument.Parse(await InferAsync(server, "/v2/models/types/infer", request));

        var inputs = sent.RootElement.GetProperty("inputs").EnumerateArray().ToDictionary(input => input.GetProperty("name").GetString()! + "_out");
        foreach (var output in answer.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var input = inputs[output.GetProperty("name").GetString()!];
            Assert.Equal(input.GetProperty("datatype").GetString(), output.GetProperty("datatype").GetString());
            Assert.Equal(Values(input), Values(output));
        }

        Assert.Equal(14, answer.RootElement.GetProperty("outputs").GetArrayLength());

        static string[] Values(JsonElement tensor) =>
            [
                .. tensor
                    .GetProperty("data")
                    .EnumerateArray()
                    .Select(item =>
                        item.ValueKind == JsonValueKind.Number && tensor.GetProperty("datatype").GetString()!.Contains('F', StringComparison.Ordinal)
                            ? item.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture)
                            : item.ToString()
                    ),
            ];
    }

    [Fact]
    public async Task The_highest_version_answers_unless_the_address_has_one()
    {
        await using var server = await RunningServer.StartAsync(
            _ => { },
            options => options.AddFile("m", _files.Write("2.onnx", Times(2)), version: "2").AddFile("m", _files.Write("10.onnx", Times(10)), version: "10")
        );
        var request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""";

        Assert.Contains("\"data\":[10]", await InferAsync(server, "/v2/models/m/infer", request), StringComparison.Ordinal);
        Assert.Contains("\"data\":[2]", await InferAsync(server, "/v2/models/m/versions/2/infer", request), StringComparison.Ordinal);
        Assert.Equal("""["10","2"]""", (await GetAsync(server, "/v2/models/m")).GetProperty("versions").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v2/models/m/versions/3", Token)).StatusCode);
    }

    [Fact]
    public async Task Two_models_of_one_name_and_version_end_the_start()
    {
        var path = _files.Write("m.onnx", Times(2));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await RunningServer.StartAsync(_ => { }, options => options.AddFile("m", path).AddFile("m", path))
        );

        Assert.Contains("'m' and the version '1'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_of_many_callers_are_combined_and_keep_their_rows()
    {
        await using var server = await StartAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    InferAsync(server, "/v2/models/rows/infer", $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{i}},{{-i}}]}]}""")
                )
        );

        for (var i = 0; i < answers.Length; i++)
            Assert.Contains($"\"shape\":[1,2],\"data\":[{i},0]", answers[i].Replace("-0", "0", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static byte[] Times(float factor) =>
        new TinyModel().Input("x: float32[n]").Output("y: float32[n]").Weight("factor", [1], [factor]).Node("Mul(x, factor) -> y").ToBytes();

    private static byte[] Bytes(float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static async Task<JsonElement> GetAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return json.RootElement.Clone();
    }

    private static async Task<string> InferAsync(RunningServer server, string path, string request)
    {
        using var answer = await server.PostAsync(path, request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    private Task<RunningServer> StartAsync() =>
        RunningServer.StartAsync(
            services => services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp())),
            options =>
                options
                    .AddFile("relu", _files.Write("free.onnx", TinyModels.Free()), version: "3")
                    .AddFile("types", _files.Write("types.onnx", TinyModels.EveryType()))
                    .AddFile(
                        "rows",
                        _files.Write("rows.onnx", new TinyModel().Input("x: float32[batch, 2]").Output("y: float32[batch, 2]").Node("Relu(x) -> y").ToBytes())
                    )
        );
}
