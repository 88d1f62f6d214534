using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests the messages of steps without data, or with a calibration file only.</summary>
public sealed class NoDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("int8")]
    [InlineData("int8(fast)")]
    [InlineData("int8(min-max)")]
    public void Int8_without_data_is_an_error_that_says_what_to_add(string recipe)
    {
        var exception = Assert.Throws<CompressionException>(() => Steps.Run(QdqFormTests.Kind("Conv").Build(), recipe));

        Assert.Equal(Codes.CalibrationMissing, exception.Code);
        Assert.Contains("give CalibrationData", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'int8-weights'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int8")]
    [InlineData("int8(min-max)")]
    public void A_model_without_layers_needs_no_data(string recipe)
    {
        Steps.Run(OnnxModel.Load(Corpus.Path("models/penguins_rf.onnx")), recipe, out var forest);
        Assert.Equal(
            new Skipped("all layers", "nothing to quantize: the main graph has no layer with constant weights in float32"),
            Assert.Single(forest.Skipped)
        );

        // Weights that are only stored need no calibration data either.
        var embedding = new Net()
            .Input("ids", ModelBuild.Onnx.TensorProto.Types.DataType.Int64, -1)
            .Weight("w", 100, 64)
            .Node("Gather", "w ids", "y")
            .Output("y")
            .Build();
        Steps.Run(embedding, recipe, out var stored);
        Assert.Equal(1, stored.Changes["weights stored in int8"]);
    }

    [Theory]
    [InlineData("least-squares")]
    [InlineData("gptq")]
    [InlineData("coordinate-descent")]
    [InlineData("bias-correction")]
    [InlineData("clip-weights")]
    [InlineData("adaround")]
    public void Recovery_needs_the_data_itself_and_a_layer(string step)
    {
        foreach (var recipe in new[] { $"int8(min-max, everywhere=true) {step}", $"int8-weights {step}" })
        {
            var exception = Assert.Throws<CompressionException>(() => RunWithFile(recipe));
            Assert.Equal(Codes.CalibrationMissing, exception.Code);
            Assert.Contains("a calibration file does not keep: give CalibrationData", exception.Message, StringComparison.Ordinal);
        }

        var model = QdqFormTests.Kind("Conv").Build();
        Steps.Run(model, step, Int8Run.Samples(model), out var report);
        Assert.Equal(new Skipped("all layers", "no step before this one has quantized a layer"), Assert.Single(report.Skipped));
    }

    [Fact]
    public void A_calibration_file_gives_the_same_model_as_its_data()
    {
        foreach (var options in new[] { "everywhere=true", "everywhere=false" })
        {
            var (model, _) = RunWithFile($"int8(min-max, {options})");
            Assert.Equal(new Int8Run(Wide().Build(), $"int8(min-max, {options})", samples: AllOf(Wide().Build())).Model.ToBytes(), model.ToBytes());
            Assert.Contains(model.Proto.Graph.Node, node => node.OpType == "QuantizeLinear");
        }
    }

    [Fact]
    public void Int8_by_itself_does_without_recovery_where_there_is_only_a_calibration_file()
    {
        var (model, report) = RunWithFile("int8");

        Assert.Contains(model.Proto.Graph.Node, node => node.OpType == "QuantizeLinear");
        Assert.Contains(report.Skipped, left => left.What == "recovery of accuracy");
        Assert.Empty(report.Trials);
    }

    public void Dispose() => _folder.Dispose();

    private (OnnxModel Model, PassReport Report) RunWithFile(string recipe)
    {
        var path = Wide().Save(_folder.File("model.onnx"));
        var data = _folder.File("data.npz");
        if (!File.Exists(data))
            Numpy.Npz(data, ("x", Numpy.Array([3, 16, 12, 12], Data())));
        var file = CalibrationFile.BesideModel(path);
        if (!File.Exists(file))
            File.WriteAllText(file, Calibrator.Calibrate(path, [data]).Json);
        var model = OnnxModel.Load(path);
        var context = new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = CalibrationFile.Load(file, [path]) };
        return (model, RecipePipeline.Run(context, RecipeParser.Parse(recipe))[^1].Report);
    }

    // There are too few calls to hold any of them out, so that the file has statistics of all calls.
    private static ListedSamples AllOf(OnnxModel model) =>
        new([
            .. Enumerable.Range(0, 3).Select(i => ListedSamples.Call(model.Proto.Graph.Input[0].Name, [1, 16, 12, 12], Data()[(i * 2304)..((i + 1) * 2304)])),
        ]);

    private static float[] Data() => Noise.Floats(3 * 2304, seed: 77);

    private static Net Wide() =>
        new Net()
            .Input("x", -1, 16, 12, 12)
            .Weight("w1", 96, 16, 3, 3)
            .Weight("b1", 96)
            .Weight("w2", 96, 96, 3, 3)
            .Node("Conv", "x w1 b1", "c", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "y", ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y");
}
