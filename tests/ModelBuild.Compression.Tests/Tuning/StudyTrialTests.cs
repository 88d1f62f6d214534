using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Allocation;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests trials, tables and predictions on small networks. Their results are those of a build.</summary>
public sealed class StudyTrialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int8-weights least-squares gptq")]
    [InlineData("int8")]
    [InlineData("cluster(exclude=second) int8-weights")]
    [InlineData("prune-channels(0.5) int4")]
    public void A_build_with_the_recipe_has_the_same_bytes(string recipe)
    {
        var settings = Settings(Images(), rows: 64);

        var result = StudyTrial.Run(settings, recipe, _folder.File("trial.onnx"), null, null, Token);
        var receipt = _folder.Compress(settings.Model, recipe, request => request with { CalibrationData = settings.Data, Budget = new(1, -100) });

        Assert.Equal(receipt.Compressed.Bytes, result.Bytes);
        Assert.Equal(receipt.Compressed.Sha256, result.Sha256);
        Assert.Equal(receipt.Compressed.MultiplyAdds, result.MultiplyAdds);
        Assert.Equal(16, result.Judged);
    }

    [Fact]
    public void A_result_beyond_the_budget_is_a_result()
    {
        var settings = Settings(Images(), rows: 64) with { MinSqnr = "90" };

        var result = StudyTrial.Run(settings, "int4", _folder.File("trial.onnx"), null, null, Token);

        Assert.False(result.IsWithinBudget);
        Assert.InRange(result.SqnrDb, 5, 60);
        Assert.True(File.Exists(_folder.File("trial.onnx")));
    }

    [Fact]
    public void Too_few_samples_are_an_error()
    {
        var settings = Settings(Images(), rows: 8);

        var exception = Assert.Throws<CompressionException>(() => StudyTrial.Run(settings, "int8-weights", _folder.File("trial.onnx"), null, null, Token));

        Assert.Equal(Codes.CalibrationData, exception.Code);
        Assert.Contains("16 samples or more", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("trial.onnx")));
    }

    [Fact]
    public void A_table_has_the_bytes_and_errors_of_each_layer()
    {
        var settings = Settings(Images(), rows: 64);
        using var original = OriginalModel.Open(settings.Request("", _folder.File("out.onnx")), Token);

        var table = new TableMeasurement(original, WorkLog.Silent, Token).MeasureStorage(Structure.Unchanged);

        // The last layer has too few weights to become smaller with a scale for each channel.
        Assert.Equal(["w1", "w2"], table.Groups.Select(group => Assert.Single(group.Layers)));
        foreach (var group in table.Groups)
        {
            Assert.Equal(group.Choices.OrderBy(choice => choice.Cost), group.Choices);
            Assert.All(group.Choices.Zip(group.Choices.Skip(1)), pair => Assert.True(pair.First.Noise >= pair.Second.Noise));
            Assert.Equal((0.0, 0.0), group.Choices.Where(choice => choice.Code == LayerCode.Float32).Select(choice => (choice.Cost, choice.Noise)).Single());
            Assert.Contains(group.Choices, choice => choice is { Code: LayerCode.Int8, Cost: < 0, Noise: > 0 });
        }

        // The predicted number of bytes of all layers in 8 bits is that of the model without its metadata.
        var all = table.FixedCost + table.Groups.Sum(group => group.Choices.Single(choice => choice.Code == LayerCode.Int8).Cost);
        var bytes = StudyTrial.Run(settings, "int8-weights least-squares gptq", _folder.File("all.onnx"), null, null, Token).Bytes;
        Assert.InRange(all, bytes - 700, bytes + 300);
    }

    [Fact]
    public void An_allocation_gives_each_layer_its_form()
    {
        var settings = Settings(Images(), rows: 64);
        var allocation = new LayerAllocation([(LayerCode.Codebook16, ["w1"]), (LayerCode.Int8, ["w2"]), (LayerCode.Float16, ["w3"])], Cost: 0, Noise: 1e-3);
        var recipe = Passes.Recipe.Of(StorageSteps.Of(allocation)).ToString();

        StudyTrial.Run(settings, recipe, _folder.File("trial.onnx"), null, null, Token);

        Assert.Equal("cluster(exclude=w2|w3) int8-weights(exclude=w3) float16-weights", recipe);
        var types = OnnxModel
            .Load(_folder.File("trial.onnx"))
            .Proto.Graph.Initializer.Where(tensor => tensor.Dims.Count >= 2)
            .Select(tensor => (DataType)tensor.DataType);
        Assert.Equal([DataType.Float16, DataType.Int8], types.Where(type => type is DataType.Int8 or DataType.Float16).Order().Reverse());
    }

    [Fact]
    public void Layers_that_compute_in_integers_have_errors_and_times()
    {
        var settings = Settings(Images(), rows: 64);
        using var original = OriginalModel.Open(settings.Request("", _folder.File("out.onnx")), Token);
        var steps = RecipeParser.Parse("int8(min-max, everywhere=true)").Steps;

        var table = new TableMeasurement(original, WorkLog.Silent, Token).MeasureIntegers(steps);

        Assert.NotNull(table);
        Assert.All(table.Groups, group => Assert.Equal(2, group.Choices.Count));
        Assert.Contains(table.Groups, group => group.Choices.Any(choice => choice is { Code: LayerCode.Integer, Noise: > 0 }));
        var without = TableMeasurement.WithFloat(steps, ["first"]);
        Assert.Equal("int8(calibration=min-max, everywhere=true, layers=first:float)", Passes.Recipe.Of(without).ToString());
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("cluster", 1.0, 1.0)]
    [InlineData("int4(format=stored)", 1.0, 1.0)]
    [InlineData("int8-weights", 1.0, 1.0)]
    [InlineData("cluster(256)", 1.0, 1.0)]
    [InlineData("int8(min-max)", 0.2, 0.99)]
    [InlineData("prune-channels(0.5)", 0.2, 0.9)]
    public void Folded_nodes_take_no_time_and_integers_and_fewer_channels_take_less(string recipe, double least, double most)
    {
        var settings = Settings(Images(channels: 64), rows: 32);

        var result = StudyTrial.Run(settings, recipe, _folder.File("trial.onnx"), null, null, Token);

        Assert.InRange(result.PredictedTime!.Value, least, most);
    }

    [Fact]
    public void A_target_without_costs_has_no_prediction()
    {
        var settings = Settings(Images(), rows: 64) with { Target = TargetProfile.CpuArm64.Name };

        Assert.Null(StudyTrial.Run(settings, "int8-weights", _folder.File("trial.onnx"), null, null, Token).PredictedTime);
    }

    [Fact]
    public void Shapes_are_inferred_of_models_with_weights_of_4_bits()
    {
        StudyTrial.Run(Settings(Images(), rows: 64), "cluster", _folder.File("trial.onnx"), null, null, Token);

        var values = CallShapes.Describe(OnnxModel.Load(_folder.File("trial.onnx")), null);

        Assert.Equal([1, 10], values["scores"].Shape);
        Assert.Contains(values, value => value.Value.Type == DataType.Uint4);
    }

    public void Dispose() => _folder.Dispose();

    private static Net Images(int channels = 16) =>
        new Net()
            .Input("x", -1, 3, 12, 12)
            .Weight("w1", channels, 3, 3, 3)
            .Weight("w2", channels, channels, 3, 3)
            .Weight("w3", channels, 10)
            .Add(Named("first", Net.Make("Conv", "x w1", "a")))
            .Node("Relu", "a", "b")
            .Add(Named("second", Net.Make("Conv", "b w2", "c")))
            .Node("Relu", "c", "d")
            .Node("GlobalAveragePool", "d", "e")
            .Node("Flatten", "e", "f")
            .Add(Named("last", Net.Make("MatMul", "f w3", "scores")))
            .Output("scores", DataType.Float, -1, 10);

    private static NodeProto Named(string name, NodeProto node)
    {
        node.Name = name;
        return node;
    }

    private StudySettings Settings(Net net, int rows)
    {
        var model = net.Save(_folder.File("model.onnx"));
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([rows, 3, 12, 12], Noise.Floats(rows * 3 * 12 * 12))));
        return new StudySettings
        {
            Model = model,
            Data = [_folder.File("data.npz")],
            Target = TargetProfile.CpuX64.Name,
            MinSqnr = "10",
        };
    }
}
