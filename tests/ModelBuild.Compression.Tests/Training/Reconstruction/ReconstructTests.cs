using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Reconstruction;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Reconstruction;

/// <summary>Tests that the step <c>reconstruct</c> changes codes, scales and biases, and nothing else.</summary>
public sealed class ReconstructTests
{
    private const string Step = "reconstruct(iterations=60)";

    private static readonly Dictionary<string, (Func<Net> Net, long[] Row)> Nets = new()
    {
        ["residual convolutions"] = (Residual, [3, 8, 8]),
        ["products"] = (Products, [64]),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] formats =
            [
                "int8(min-max, everywhere=true, bits=2)",
                "int8(min-max, everywhere=true, bits=3)",
                "int8(min-max, everywhere=true, bits=4, activation-bits=4)",
                "int8(min-max, everywhere=true, bits=4, per-channel=false) gptq",
                "int8-weights",
                "int4",
                "int8-blocks",
            ];
            foreach (var net in Nets.Keys)
            foreach (var format in formats)
                data.Add(net, format);
            return data;
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void The_form_stays_and_the_error_on_held_out_samples_does_not_grow(string net, string format)
    {
        var (model, rows) = Make(net);

        var before = Steps.Run(model, format, rows, out _);
        var after = Steps.Run(model, $"{format} {Step}", rows, out _);

        Assert.Equal(Nodes(before), Nodes(after));
        Assert.Equal(Tensors(before), Tensors(after));
        using var evaluator = Evaluator(model, rows);
        Assert.InRange(evaluator.SqnrDb(after), evaluator.SqnrDb(before), double.PositiveInfinity);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("residual convolutions")]
    [InlineData("products")]
    public void Few_bits_gain(string net)
    {
        var (model, rows) = Make(net);

        var before = Steps.Run(model, "int8(min-max, everywhere=true, bits=3)", rows, out _);
        var after = Steps.Run(model, $"int8(min-max, everywhere=true, bits=3) {Step}", rows, out var report);

        using var evaluator = Evaluator(model, rows);
        Assert.InRange(evaluator.SqnrDb(after), evaluator.SqnrDb(before) + 0.3, 60);
        Assert.Contains(report.Changes, change => change.Key == "blocks reconstructed" && change.Value > 0);
    }

    // Exporters give nodes the names of their outputs. After 'int8', another node computes the value of that name.
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("residual convolutions")]
    [InlineData("products")]
    public void Nodes_may_have_the_names_of_values(string net)
    {
        var (model, rows) = Make(net);
        foreach (var node in model.Proto.Graph.Node)
            node.Name = node.Output[0];

        Steps.Run(model, $"int8(min-max, everywhere=true, bits=3) {Step}", rows, out var report);

        Assert.Contains(report.Changes, change => change.Key == "blocks reconstructed" && change.Value > 0);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_same_input_gives_the_same_bytes()
    {
        var (model, rows) = Make("residual convolutions");

        var one = Steps.Run(model, $"int4 {Step}", rows, out _);
        var other = Steps.Run(model, $"int4 {Step}", rows, out _);

        Assert.Equal(one.ToBytes(), other.ToBytes());
    }

    [Fact]
    public void Zeros_of_pruned_weights_stay()
    {
        var (model, rows) = Make("products");

        var before = Steps.Run(model, "prune(0.5) int8-weights", rows, out _);
        var after = Steps.Run(model, $"prune(0.5) int8-weights {Step}", rows, out _);

        foreach (var (codes, others) in Integers(before).Zip(Integers(after)))
            Assert.All(codes.Zip(others).Where(pair => pair.First == 0), pair => Assert.Equal(0, pair.Second));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("residual convolutions", "int8(min-max, everywhere=true)")]
    [InlineData("products", "int8(min-max, everywhere=true)")]
    [InlineData("products", "int8(min-max, everywhere=true, activation-bits=4)")]
    public void With_an_excluded_layer_no_scale_of_an_activation_is_trained(string net, string format)
    {
        var (model, rows) = Make(net);
        var quantized = TrainableModel.Open(Steps.Run(model, format, rows, out _), rows, keepsZeros: false, CancellationToken.None);
        var nodes = quantized.Model.Proto.Graph.Node;
        var scales = nodes.Where(node => node.OpType == "QuantizeLinear").Select(node => node.Input[1]).ToHashSet();
        var layer = nodes.First(node => node.OpType is "Conv" or "MatMul" or "Gemm");

        var all = quantized.Values();
        var selected = new TrainedLayers(quantized.Model, new TrainingOptions { Exclude = layer.Name }).Selected(all);

        Assert.Contains(all, value => scales.Contains(value.Input.Name));
        Assert.NotEmpty(selected);
        Assert.DoesNotContain(selected, value => scales.Contains(value.Input.Name));
    }

    [Fact]
    public void A_residual_block_is_one_block()
    {
        var (model, rows) = Make("residual convolutions");
        var quantized = TrainableModel.Open(Steps.Run(model, "int8-weights", rows, out _), rows, keepsZeros: false, CancellationToken.None);
        var exact = model.Proto.Graph.Node.SelectMany(node => node.Output).ToHashSet();

        var blocks = new BlockSearch(new Graph(quantized.Model), exact, quantized.Values()).Find();

        // The last layer has too few weights to be stored in 8 bits.
        Assert.Equal([(null, "a"), ("a", "y")], blocks.Select(block => (block.Input, block.Outputs.Single())));
    }

    [Fact]
    public void Without_samples_the_step_is_an_error()
    {
        var (model, _) = Make("products");

        var exception = Assert.Throws<CompressionException>(() => Steps.Run(model, "int8-weights reconstruct"));

        Assert.Equal(Codes.CalibrationMissing, exception.Code);
    }

    [Fact]
    public void Without_quantized_layers_the_step_changes_nothing()
    {
        var (model, rows) = Make("products");

        var result = Steps.Run(model, "reconstruct", rows, out var report);

        Assert.Equal(Tensors(model), Tensors(result));
        Assert.NotEmpty(report.Skipped);
    }

    private static (OnnxModel Model, ISampleSource Rows) Make(string net)
    {
        var (build, row) = Nets[net];
        var model = build().Build();
        model.ImportOpset(Domains.Microsoft, 1);
        return (model, MadeTraining.Rows(120, row));
    }

    private static HeldOutEvaluator Evaluator(OnnxModel model, ISampleSource rows) =>
        new(new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(rows, threads: 1) }, calls: 16);

    private static IEnumerable<(string, string, string)> Nodes(OnnxModel model) =>
        model.Proto.Graph.Node.Select(node => (node.OpType, string.Join(' ', node.Input), string.Join(' ', node.Output)));

    private static IEnumerable<(string, int, string)> Tensors(OnnxModel model) =>
        model.Proto.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join(',', tensor.Dims)));

    private static IEnumerable<sbyte[]> Integers(OnnxModel model) =>
        model
            .Proto.Graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Int8 && tensor.Dims.Count == 2)
            .Select(tensor => tensor.Span<sbyte>().ToArray());

    private static Net Residual() =>
        new Net(opset: 13)
            .OpenInput("x", "n", "3", "8", "8")
            .Weight("w0", 16, 3, 3, 3)
            .Weight("b0", 16)
            .Node("Conv", "x w0 b0", "c0", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c0", "a")
            .Weight("w1", 16, 1, 3, 3)
            .Node("Conv", "a w1", "c1", ("pads", new long[] { 1, 1, 1, 1 }), ("group", 16L))
            .Node("Relu", "c1", "a1")
            .Weight("w2", 16, 16, 1, 1)
            .Node("Conv", "a1 w2", "c2")
            .Node("Add", "c2 a", "s")
            .Node("Relu", "s", "r")
            .Node("GlobalAveragePool", "r", "p")
            .Node("Flatten", "p", "f")
            .Weight("w3", 16, 10)
            .Weight("b3", 10)
            .Node("Gemm", "f w3 b3", "y")
            .Output("y");

    private static Net Products() =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "64")
            .Weight("w", 64, 96)
            .Weight("b", 96)
            .Node("MatMul", "x w", "m")
            .Node("Add", "m b", "a")
            .Node("Relu", "a", "h")
            .Weight("v", 96, 32)
            .Node("MatMul", "h v", "y")
            .Output("y");
}
