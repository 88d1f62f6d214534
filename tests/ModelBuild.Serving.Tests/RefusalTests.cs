using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>Requests that do not match the model: each has one status and a message that says what is wrong.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private readonly TemporaryFolder _files = new();
    private RunningServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await RunningServer.StartAsync(
            services => services.AddModel<PairModel>(settings => settings.Path = _files.Write("pair.onnx", TinyModels.Pair())),
            options =>
                options.AddFile("types", _files.Write("types.onnx", TinyModels.EveryType())).AddFile("free", _files.Write("free.onnx", TinyModels.Free()))
        );

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [InlineData("", "is not one of the protocol")]
    [InlineData("[]", "the body is no JSON object")]
    [InlineData("{", "is not one of the protocol")]
    [InlineData("{\"inputs\":[]}x", "is not one of the protocol")]
    [InlineData("{}", "'inputs' is missing")]
    [InlineData("{\"inputs\":{}}", "the tensors are no array")]
    [InlineData("{\"inputs\":[1]}", "a tensor is no object")]
    [InlineData("{\"id\":1,\"inputs\":[]}", "'id' is no text")]
    [InlineData("{\"inputs\":[]}", "Input 'left', float32[batch, length], is missing")]
    [InlineData("{\"inputs\":[@,{\"name\":\"other\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "no input 'other'. It has 'left', 'right'")]
    [InlineData("{\"inputs\":[@,@]}", "Input 'left' is given twice")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP64\",\"data\":[1,2]}]}", "has the data type FP32. 'FP64' was given")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"data\":[1,2]}]}", "has the data type FP32. '' was given")]
    [InlineData("{\"inputs\":[@,{\"name\":\"right\",\"datatype\":\"FP32\",\"data\":[1,2]}]}", "'right' has no shape")]
    [InlineData("{\"inputs\":[@,@R:[2],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "float32[batch, length]. The shape [2] was given")]
    [InlineData("{\"inputs\":[@,@R:[2,1],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "[2, 1] was given")]
    [InlineData("{\"inputs\":[@,@R:[-1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "'shape' is no integer from 0 on")]
    [InlineData("{\"inputs\":[@,@R:[1.5,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "'shape' is no integer from 0 on")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\"}]}", "'right' has no 'data'")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1]}]}", "'right' has fewer elements")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1.25]}]}", "'data' has 1 elements")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1,2,3]}]}", "'data' has more than 2 elements")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[[1],[2]]}]}", "neither flat nor nested")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1,\"2\"]}]}", "element 1 of 'data' is no value")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1,1e99]}]}", "element 1 of 'data' is no value")]
    [InlineData("{\"inputs\":[@,@R:[9223372036854775807,9223372036854775807],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "fewer elements")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}]}", "has 8 bytes, and 0 follow")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"parameters\":1}]}", "'parameters' is no object")]
    [InlineData("{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}],\"outputs\":[{\"name\":\"x\"}]}", "no output 'x'. It has 'sum'")]
    [InlineData(
        "{\"inputs\":[@,@R:[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}],\"outputs\":[{\"name\":\"sum\"},{\"name\":\"sum\"}]}",
        "'sum' is requested twice"
    )]
    public async Task A_wrong_request_has_the_status_400(string request, string error)
    {
        var json = request
            .Replace("@R:", """{"name":"right","shape":""", StringComparison.Ordinal)
            .Replace("@", """{"name":"left","shape":[1,2],"datatype":"FP32","data":[1,2]}""", StringComparison.Ordinal);

        using var answer = await _server.PostAsync("/v2/models/PairModel/infer", json, Token);

        await ContainsAsync(HttpStatusCode.BadRequest, error, answer);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", 7, null, "has 8 bytes, and 7 follow")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", 9, null, "1 bytes after the JSON object")]
    [InlineData("""{"inputs":[{"name":"x","shape":[3],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", 8, null, "has 8 bytes, and its shape [3]")]
    [InlineData("""{"inputs":[{"name":"x","shape":[4611686018427387904],"datatype":"FP32","parameters":{"binary_data_size":0}}]}""", 0, null, "has 0 bytes")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2],"parameters":{"binary_data_size":8}}]}""", 8, null, "has both 'data'")]
    [InlineData("""{"inputs":[]}""", 0, 99, "is no length within the")]
    [InlineData("""{"inputs":[]}""", 0, -1, "is no length within the")]
    public async Task A_size_that_lies_has_the_status_400(string json, int bytes, int? header, string error)
    {
        using var answer = await _server.PostBinaryAsync("/v2/models/free/infer", json, new byte[bytes], Token, header);

        await ContainsAsync(HttpStatusCode.BadRequest, error, answer);
    }

    [Theory]
    [InlineData("BOOL", "bool", new byte[] { 1, 2 }, "neither 0 nor 1")]
    [InlineData("BYTES", "string", new byte[] { 1, 0, 0, 0, 65, 9, 0, 0, 0, 65 }, "lengths contradict")]
    [InlineData("BYTES", "string", new byte[] { 1, 0, 0, 0, 65 }, "has 1 texts, and its shape [2] of BYTES has 2")]
    [InlineData("BYTES", "string", new byte[] { 1, 0, 0, 0, 65, 1, 0, 0, 0, 255 }, "element 1 is no text in UTF-8")]
    public async Task Bytes_that_are_no_elements_have_the_status_400(string dataType, string name, byte[] bytes, string error)
    {
        var input = $$"""{"name":"{{name}}","shape":[2],"datatype":"{{dataType}}","parameters":{"binary_data_size":{{bytes.Length}} } }""";
        var json = $$"""{"inputs":[{{input}}{{Others(name)}}]}""";

        using var answer = await _server.PostBinaryAsync("/v2/models/types/infer", json, bytes, Token);

        await ContainsAsync(HttpStatusCode.BadRequest, error, answer);
    }

    [Fact]
    public async Task An_unknown_model_has_the_status_404()
    {
        using var answer = await _server.PostAsync("/v2/models/nothing/infer", "{}", Token);
        await ContainsAsync(HttpStatusCode.NotFound, "no model 'nothing'", answer);
        using var version = await _server.PostAsync("/v2/models/PairModel/versions/7/infer", "{}", Token);
        await ContainsAsync(HttpStatusCode.NotFound, "no version '7'. It has 1", version);
    }

    [Fact]
    public async Task A_compressed_body_has_the_status_415()
    {
        using var content = new StringContent("{}") { Headers = { ContentEncoding = { "gzip" } } };
        using var answer = await _server.Client.PostAsync("/v2/models/free/infer", content, Token);
        await ContainsAsync(HttpStatusCode.UnsupportedMediaType, "compressed", answer);
    }

    private static string Others(string name) =>
        string.Concat(
            TinyModels
                .Types.Where(type => type != name)
                .Select(type =>
                {
                    var data = type switch
                    {
                        "string" => """["a","b"]""",
                        "bool" => "[true,true]",
                        _ => "[1,2]",
                    };
                    var dataType = type switch
                    {
                        "string" => "BYTES",
                        "float16" => "FP16",
                        "bfloat16" => "BF16",
                        "float32" => "FP32",
                        "float64" => "FP64",
                        _ => type.ToUpperInvariant(),
                    };
                    return $$""",{"name":"{{type}}","shape":[2],"datatype":"{{dataType}}","data":{{data}}}""";
                })
        );

    private static async Task ContainsAsync(HttpStatusCode status, string error, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        using var json = JsonDocument.Parse(text);
        Assert.Contains(error, json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, answer.StatusCode);
    }
}
