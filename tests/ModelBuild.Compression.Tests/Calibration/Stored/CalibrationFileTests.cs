using System.Runtime.InteropServices;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Calibration.Stored;

public sealed class CalibrationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_gives_back_what_was_collected()
    {
        var path = Net(2).Save(_folder.File("net.onnx"));
        var stored = CalibrationFile.Load(Write(path), [path]);
        var model = Optimized(path);
        var request = CalibrationRequest.Of(model);

        var expected = StatisticsCollector.Collect(
            model,
            new CalibrationFiles([_folder.File("data/x.npz")], SignatureReader.Read(model)),
            request,
            2,
            CancellationToken.None
        );
        var actual = stored.Collect(model, request, CancellationToken.None);

        Assert.Equal(["conv", "flat", "relu", "x", "y"], actual.Keys.Order());
        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal((3, 16), (actual["x"].ChannelMin!.Length, actual["flat"].ChannelMin!.Length));
        Assert.Null(actual["conv"].ChannelMin);
        Assert.Null(stored.Collect(model, request with { ChannelAxes = new Dictionary<string, int> { ["x"] = -1 } }, CancellationToken.None)["x"].ChannelMin);
        Assert.Null(stored.Fit);
        Assert.Null(stored.HeldOut);
    }

    [Fact]
    public void The_file_says_what_it_is_of_and_nothing_of_the_machine()
    {
        var path = Net(2).Save(_folder.File("net.onnx"));

        var text = File.ReadAllText(Write(path));

        Assert.Equal(text, File.ReadAllText(Write(path)));
        var lines = text.Split('\n');
        Assert.Equal("  \"schema\": 1,", lines[1]);
        Assert.Equal($"  \"model\": {{\"file\":\"net.onnx\",\"sha256\":\"{ContentHash.Of(path)}\"}},", lines[3]);
        Assert.Equal("  \"data\": {\"files\":[\"data/x.npz\"],\"calls\":4,\"rows\":40},", lines[4]);
        Assert.Equal(5, lines.Count(line => line.StartsWith("    {\"name\":", StringComparison.Ordinal)));
        Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.InRange(text.Length, 1000, 30_000);
    }

    [Fact]
    public void Renamed_values_are_known_and_changed_ones_are_not()
    {
        var path = Net(2).Save(_folder.File("net.onnx"));
        var stored = CalibrationFile.Load(Write(path), [path]);
        var renamed = Optimized(path);
        new Graph(renamed).RenameValue("relu", "other");
        var changed = Optimized(path);
        changed.Proto.Graph.Initializer.First(tensor => tensor.Name == "bias").RawData = Tensors.Create("", [2], [1f, 2f]).RawData;

        Assert.Equal(0, stored.Collect(renamed, Request("other"), CancellationToken.None)["other"].Min);
        Assert.True(stored.Collect(changed, Request("x"), CancellationToken.None).ContainsKey("x"));
        // Constants and values that do not exist or are not floats have no statistics.
        Assert.Empty(stored.Collect(changed, Request("bias", "nothing"), CancellationToken.None));
        var exception = Assert.Throws<CompressionException>(() => stored.Collect(changed, Request("conv"), CancellationToken.None));
        Assert.Equal(Codes.CalibrationData, exception.Code);
        Assert.Contains("'conv'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_model_says_how_to_make_it_again()
    {
        var file = Write(Net(2).Save(_folder.File("net.onnx")));
        var other = Net(2).Weight("more", 1).Save(_folder.File("other.onnx"));

        var exception = Assert.Throws<CompressionException>(() => CalibrationFile.Load(file, [other]));

        Assert.Equal((Codes.CalibrationData, file), (exception.Code, exception.File));
        Assert.Contains("another model", exception.Message, StringComparison.Ordinal);
        Assert.Contains("modelbuild calibrate other.onnx --calibration-data", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_data_is_part_of_the_model()
    {
        var path = _folder.File("net.onnx");
        Net(2).Build().Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var file = Write(path);

        CalibrationFile.Load(file, [path, path + ".data"]);
        using (var data = File.OpenWrite(path + ".data"))
            data.WriteByte(0x7f);
        Assert.Throws<CompressionException>(() => CalibrationFile.Load(file, [path, path + ".data"]));
    }

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "schema 2")]
    [InlineData("\"tensors\": [", "\"tensors\": {", "JSON")]
    [InlineData("\"tensors\"", "\"values\"", "tensors")]
    [InlineData("\"histogram\":\"", "\"histogram\":\"!", "histogram")]
    [InlineData("\"histogram\":\"", "\"histogram\":null,\"x\":\"", "histogram")]
    [InlineData("{\"axis\":1,\"min\":\"", "{\"axis\":1,\"min\":\"!", "channel")]
    public void A_damaged_file_is_an_error_and_no_crash(string text, string damage, string reason)
    {
        var path = Net(2).Save(_folder.File("net.onnx"));
        var file = Write(path);
        var content = File.ReadAllText(file);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(file, content.Replace(text, damage, StringComparison.Ordinal));

        var exception = Assert.Throws<CompressionException>(() => CalibrationFile.Load(file, [path]));

        Assert.Equal((Codes.CalibrationData, file), (exception.Code, exception.File));
        Assert.Contains(reason, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_file_is_part_of_the_cache_key()
    {
        var path = Net(2).Save(_folder.File("net.onnx"));
        var request = new CompressionRequest(path, _folder.File("out.onnx"));
        var with = request with { CalibrationFile = _folder.Write("a.json", "1") };
        var key = CacheKey.Of(with, []);

        Assert.NotEqual(CacheKey.Of(request, []), key);
        Assert.Equal(key, CacheKey.Of(request with { CalibrationFile = _folder.Write("b.json", "1") }, []));
        Assert.NotEqual(key, CacheKey.Of(request with { CalibrationFile = _folder.Write("b.json", "2") }, []));
    }

    [Fact]
    public void Made_inputs_are_like_the_real_ones_that_a_file_tells_of()
    {
        var path = new Net().Input("x", -1, 4096).Input("y", -1, 4096).Node("Add", "x y", "z").Output("z").Save(_folder.File("net.onnx"));
        // Half of the values of x are zero, and the other half are between 2 and 3. All values of y are zero.
        var values = Noise.Floats(4096).Select((value, i) => i % 2 == 0 ? 0 : 2.5f + (value / 2)).ToArray();
        var data = Numpy.Npz(_folder.File("x.npz"), ("x", Numpy.Array([1, 4096], values)), ("y", Numpy.Array([1, 4096], new float[4096])));
        var file = _folder.Write("net.calibration.json", Calibrator.Calibrate(path, [data]).Json);
        var model = OnnxModel.Load(path);

        var sample = new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0], CalibrationFile.Load(file, [path]))
            .Read(CancellationToken.None)
            .First();

        var made = MemoryMarshal.Cast<byte, float>(sample.Inputs["x"].Data).ToArray();
        Assert.InRange(made.Count(value => value == 0), 1900, 2200);
        Assert.All(made, value => Assert.True(value is 0 or (>= 2 and <= 3)));
        Assert.InRange(made.Average(), 1.2, 1.3);
        Assert.True(made.Distinct().Count() > 400);
        Assert.All(MemoryMarshal.Cast<byte, float>(sample.Inputs["y"].Data).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_real_network_is_described_compactly()
    {
        var path = Corpus.Path("litenet/litenet-conv.onnx");
        var summary = Calibrator.Calibrate(path, [Corpus.Path("litenet/mnist-calibration.npz")]);

        Assert.Equal((16, 256L), (summary.Calls, summary.Rows));
        Assert.InRange(summary.Values, 8, 20);
        Assert.InRange(summary.Json.Length / summary.Values, 500, 6000);
    }

    public void Dispose() => _folder.Dispose();

    private static StatisticsRequest Request(params string[] tensors) => new(tensors, false, new Dictionary<string, int>());

    private static OnnxModel Optimized(string path)
    {
        var model = OnnxModel.Load(path);
        RecipePipeline.Run(model, RecipeParser.Parse("optimize"), CancellationToken.None);
        return model;
    }

    private string Write(string model)
    {
        var data = _folder.File("data/x.npz");
        File.Delete(data);
        Numpy.Npz(data, ("x", Numpy.Array([40, 3, 4, 4], Noise.Floats(40 * 48))));
        return _folder.Write("net.calibration.json", Calibrator.Calibrate(model, [data]).Json);
    }

    // The network consists of a convolution, a ReLU, a flattening and a product. It also has a shape, which is not a float value.
    private static Net Net(int channels) =>
        new Net()
            .Input("x", -1, 3, 4, 4)
            .Weight("kernel", channels, 3, 3, 3)
            .Weight("bias", channels)
            .Weight("w", 8 * channels, 5)
            .Constant("rest", [2], 0L, -1L)
            .Node("Conv", "x kernel bias", "conv", ("strides", new[] { 1, 1 }), ("pads", new[] { 0, 1, 0, 1 }))
            .Node("Relu", "conv", "relu")
            .Node("Reshape", "relu rest", "flat")
            .Node("MatMul", "flat w", "y")
            .Output("y");
}
