using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests that each form in which steps store weights can be trained, and that the training keeps the form.</summary>
public sealed class FormTests
{
    private static readonly Dictionary<string, (Func<Net> Net, long[] Row)> Nets = new()
    {
        ["products"] = (
            () =>
                new Net(opset: 21, irVersion: 10)
                    .OpenInput("x", "n", "64")
                    .Weight("w", 64, 96)
                    .Node("MatMul", "x w", "m")
                    .Weight("b", 96)
                    .Node("Add", "m b", "a")
                    .Node("Relu", "a", "h")
                    .Weight("v", 96, 32)
                    .Node("MatMul", "h v", "y")
                    .Output("y"),
            [64]
        ),
        ["layers of opset 13"] = (
            () =>
                new Net(opset: 13)
                    .OpenInput("x", "n", "64")
                    .Weight("w", 96, 64)
                    .Weight("b", 96)
                    .Node("Gemm", "x w b", "a", ("transB", 1L))
                    .Node("Relu", "a", "h")
                    .Weight("v", 96, 32)
                    .Weight("c", 32)
                    .Node("Gemm", "h v c", "y")
                    .Output("y"),
            [64]
        ),
        ["convolutions"] = (() => Convolutions(new Net(opset: 13)), [3, 12, 12]),
        ["convolutions of opset 21"] = (() => Convolutions(new Net(opset: 21, irVersion: 10)), [3, 12, 12]),
        ["recurrent"] = (() => Recurrent("forward"), [6, 24]),
        ["recurrent, both directions"] = (() => Recurrent("bidirectional"), [6, 24]),
        ["attention"] = (
            () =>
                new Net(opset: 17)
                    .OpenInput("x", "n", "7", "64")
                    .Weight("w", 64, 192)
                    .Weight("b", 192)
                    .Add(Nodes.Create("Attention", ["x", "w", "b"], ["a"], domain: Domains.Microsoft, attributes: ("num_heads", 4L)))
                    .Weight("v", 64, 32)
                    .Node("MatMul", "a v", "y")
                    .Output("y"),
            [7, 64]
        ),
    };

    private static readonly string[] Forms =
    [
        "optimize",
        "prune(0.5)",
        "prune(2:4)",
        "cluster(4)",
        "cluster(16, per-channel=true)",
        "cluster(8, form=shared)",
        "prune(0.5) cluster(8)",
        "float16-weights",
        "int8-weights",
        "int8-weights(per-channel=false)",
        "prune(0.5) int8-weights",
        "int8(min-max, everywhere=true)",
        "int8(min-max, everywhere=true, per-channel=false)",
        "int8-dynamic",
        "int8-blocks",
        "int4",
        "int4(format=qdq)",
        "int8-weights(exclude=*) int4",
        "prune-channels(0.5)",
        "low-rank(0.5)",
        "prune-channels(0.5) int8(min-max)",
    ];

    private static readonly string[] DynamicForms = ["int8-dynamic", "int8-dynamic(per-channel=false)", "prune(0.5) int8-dynamic", "int8-weights"];

    // The list has the steps that change outputs much.
    private static readonly string[] Coarse = ["prune(", "prune-channels", "cluster(4)", "int4", "low-rank"];

    // The list has parts of the names of constants that do not change.
    private static readonly string[] Stays = ["_indices", "_starts", "_zero_point"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            // Each form is tested with products and with convolutions, and with both operator sets.
            foreach (var (index, form) in Forms.Index())
            {
                data.Add(index % 2 == 0 ? "products" : "layers of opset 13", form);
                data.Add(index % 2 == 0 ? "convolutions" : "convolutions of opset 21", form);
            }

            foreach (var form in DynamicForms)
            {
                data.Add("recurrent", form);
                data.Add("recurrent, both directions", form);
                data.Add("attention", form);
            }

            return data;
        }
    }

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_lowers_the_loss_and_keeps_the_form(string net, string form)
    {
        var (build, row) = Nets[net];
        var model = Build(build());
        var rows = MadeTraining.Rows(600, row);

        var before = MadeTraining.Run(model, form, rows).Model;
        var isCoarse = Coarse.Any(step => form.Contains(step, StringComparison.Ordinal));
        var result = MadeTraining.Run(model, $"{form} fine-tune(steps=60, rate={(isCoarse ? 0.001 : 0.0002)})", rows);

        Assert.Equal(
            before.Proto.Graph.Node.Select(node => (node.OpType, string.Join(' ', node.Input), string.Join(' ', node.Output))),
            result.Model.Proto.Graph.Node.Select(node => (node.OpType, string.Join(' ', node.Input), string.Join(' ', node.Output)))
        );
        Assert.Equal(
            before.Proto.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join(',', tensor.Dims))),
            result.Model.Proto.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join(',', tensor.Dims)))
        );
        // The original model has no loss against itself, and a nearly exact form has hardly any loss.
        if (form != "optimize")
            Assert.InRange(result.Improvement, 0, isCoarse ? 0.99 : 1);
        Assert.Empty(result.Training.Frozen);
        if (form.StartsWith("prune(", StringComparison.Ordinal))
            AssertZerosStay(before, result.Model);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void All_weights_move(string net, string form)
    {
        Assert.SkipWhen(form == "prune-channels(0.5) int8(min-max)", "Fewer channels fit a single row exactly, so that it has no loss.");
        var (build, row) = Nets[net];
        var model = Build(build());
        // With a single row, nothing is held out, so that the last values are kept.
        var rows = MadeTraining.Rows(1, row);
        if (form == "optimize")
            form = "optimize prune-channels(0.1)";

        var before = MadeTraining.Run(model, form, rows).Model;
        var result = MadeTraining.Run(model, $"{form} fine-tune(steps=30, rate=0.01)", rows);

        Assert.Equal(0, result.Training.HeldOutRows);
        AssertLayersAreTrained(before, result.Model);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void The_training_graph_computes_what_the_model_computes(string net, string form)
    {
        var (build, row) = Nets[net];
        var rows = MadeTraining.Rows(8, row);
        var model = MadeTraining.Run(Build(build()), form, rows).Model;
        var written = model.Clone();

        var opened = TrainableModel.Open(model, rows, keepsZeros: true, CancellationToken.None);

        Assert.Null(opened.Obstacle);
        var sample = rows.Read(CancellationToken.None).First();
        var (expected, actual) = (Outputs(model, sample), Outputs(opened.Model, sample));
        // Integer arithmetic occasionally rounds an activation to another code.
        foreach (var (one, other) in expected.Zip(actual))
            Assert.InRange(
                Ort.Sqnr([.. one.Numbers.Select(value => (float)value)], [.. other.Numbers.Select(value => (float)value)]),
                40,
                double.PositiveInfinity
            );
        var values = opened.Values();
        foreach (var value in values)
            value.Compute();
        new TrainedStep("", [.. values.SelectMany(value => value.Constants())], NoReport).Apply(written);
        Assert.Equal(Constants(model), Constants(written));
    }

    private static OnnxModel Build(Net net)
    {
        var model = net.Build();
        model.ImportOpset(Domains.Microsoft, 1);
        return model;
    }

    private static TrainingReport NoReport { get; } = new(0, 0, false, false, 0, 0, 0, [], new Dictionary<string, double>(), []);

    private static Net Recurrent(string direction)
    {
        var directions = direction == "bidirectional" ? 2 : 1;
        return new Net(opset: 17)
            .OpenInput("x", "n", "6", "24")
            .Node("Transpose", "x", "t", ("perm", new long[] { 1, 0, 2 }))
            .Weight("w", directions, 128, 24)
            .Weight("r", directions, 128, 32)
            .Weight("b", directions, 256)
            .Node("LSTM", "t w r b", "l", ("hidden_size", 32L), ("direction", direction))
            .Node("Transpose", "l", "m", ("perm", new long[] { 2, 0, 1, 3 }))
            .Constant("rows", [3], 0L, 6, 32 * directions)
            .Node("Reshape", "m rows", "h")
            .Weight("v", 32 * directions, 32)
            .Node("MatMul", "h v", "y")
            .Output("y");
    }

    private static Net Convolutions(Net net) =>
        net.OpenInput("x", "n", "3", "12", "12")
            .Weight("w", 24, 3, 3, 3)
            .Weight("b", 24)
            .Node("Conv", "x w b", "c", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c", "h")
            .Weight("d", 24, 1, 3, 3)
            .Weight("e", 24)
            .Node("Conv", "h d e", "f", ("group", 24L), ("strides", new long[] { 2, 2 }))
            .Node("Relu", "f", "g")
            .Weight("v", 48, 24, 1, 1)
            .Weight("a", 48)
            .Node("Conv", "g v a", "k")
            .Node("Relu", "k", "r")
            .Node("GlobalAveragePool", "r", "p")
            .Node("Flatten", "p", "q")
            .Weight("u", 48, 10)
            .Weight("z", 10)
            .Node("Gemm", "q u z", "y")
            .Output("y");

    private static IReadOnlyList<OutputValues> Outputs(OnnxModel model, Sample sample)
    {
        // Integer products with ranges that are chosen at run time are precise only in sessions that request it.
        var isDynamic = model.Proto.Graph.Node.Any(node => node.OpType is "MatMulInteger" or "DynamicQuantizeLSTM" or "QAttention");
        using var runner = new ModelRunner(isDynamic ? Sessions.OpenPortable(model) : Sessions.OpenUnoptimized(model));
        return runner.Run(sample, CancellationToken.None);
    }

    // The last digits of a float32 number that is divided and multiplied may change, and therefore the code of a bias may change.
    private static IEnumerable<(string Name, string Values)> Constants(OnnxModel model) =>
        model.Proto.Graph.Initializer.Where(tensor => tensor.DataType != (int)DataType.Int32).Select(tensor => (tensor.Name, Text(tensor)));

    private static string Text(TensorProto tensor) =>
        tensor.DataType == (int)DataType.Float
            ? string.Join(' ', tensor.ToFloats().Select(value => value.ToString("G6", CultureInfo.InvariantCulture)))
            : Convert.ToHexString(tensor.RawData.Span);

    private static void AssertLayersAreTrained(OnnxModel before, OnnxModel after)
    {
        string[] same =
        [
            .. before
                .Proto.Graph.Initializer.Zip(after.Proto.Graph.Initializer)
                .Where(pair => pair.First.ElementCount() >= 64 && pair.First.RawData.Span.SequenceEqual(pair.Second.RawData.Span))
                .Select(pair => pair.First.Name),
        ];
        // Indices into a codebook do not change, and the values of the codebook are trained. Zero points do not change, and scales are trained.
        Assert.DoesNotContain(same, name => !Stays.Any(part => name.Contains(part, StringComparison.Ordinal)));
    }

    private static void AssertZerosStay(OnnxModel before, OnnxModel after)
    {
        foreach (var (one, other) in before.Proto.Graph.Initializer.Zip(after.Proto.Graph.Initializer))
            if (one.DataType == (int)DataType.Float && one.Dims.Count > 1)
                Assert.Equal(
                    one.ToFloats().Index().Where(value => value.Item == 0).Select(value => value.Index),
                    other.ToFloats().Index().Where(value => value.Item == 0).Select(value => value.Index)
                );
            else if (one.DataType == (int)DataType.Int8 && one.ElementCount() >= 64)
                Assert.All(one.RawData.Span.ToArray().Zip(other.RawData.Span.ToArray()), codes => Assert.False(codes.First == 0 && codes.Second != 0));
    }
}
