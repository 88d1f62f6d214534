using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>
/// Tests that every result is loaded once, verified or not. If ONNX Runtime refuses a result, there is one error that names the step and the node. In 'auto'
/// there is one reason.
/// </summary>
public sealed class LoadedResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(true)]
    [InlineData(false)]
    public void What_does_not_load_names_the_step_and_the_node(bool verify)
    {
        var model = Resizing("sizes", 2, 9).Constant("unread", [4000], new float[4000]).Save(_folder.File("model.onnx"));
        var step = new RecipeStep(StepDefinition.Create<BreakOptions>("break", "", options => new BreakPass(options), isPrecise: true), new BreakOptions());

        var exception = Assert.Throws<CompressionException>(() =>
            _folder.Compress(model, "none", request => request with { Verify = verify, Recipe = new Recipe("break", [step]) })
        );

        Assert.Equal(Codes.ModelUnreadable, exception.Code);
        Assert.Contains(
            "after the step 'break', ONNX Runtime cannot load or run the model, at the node 'enlarge'",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("break(exclude=enlarge), or use another step", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("out/small.onnx", _folder.Names());
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Auto_drops_the_candidate_with_the_reason()
    {
        var (model, data) = Counted();

        var receipt = _folder.Compress(model, "auto", request => request with { CalibrationData = data, Target = TargetProfile.CpuX64 });

        Assert.Equal(("optimize int8", AttemptOutcome.Refused), (receipt.Attempts[0].Recipe, receipt.Attempts[0].Outcome));
        Assert.Contains("Add node. Name:'counted'", receipt.Attempts[0].Why, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Kept, receipt.Attempts[^1].Outcome);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("none", false)]
    [InlineData("optimize", false)]
    [InlineData("int8-weights", false)]
    public void An_original_that_does_not_load_is_one_error(string recipe, bool verify)
    {
        var model = new Net()
            .Input("x", 64, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "h")
            .Node("NoSuchOperator", "h", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, recipe, request => request with { Verify = verify }));

        Assert.Equal(Codes.ModelUnreadable, exception.Code);
        Assert.Contains("NoSuchOperator", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["model.onnx"], _folder.Names());
    }

    public static TheoryData<string, string> Resizings()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in new[] { "sizes", "scales", "sizes of one axis", "scales in another order" })
        foreach (var recipe in new[] { "optimize", "int8(min-max, everywhere=true)", "int8(min-max)", "float16" })
            data.Add(kind, recipe);
        return data;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Resizings))]
    public void A_Resize_that_names_its_axes_is_kept_right(string kind, string recipe)
    {
        foreach (var (batch, size) in new[] { (1L, 9L), (-1L, -1L) })
        {
            var model = Resizing(kind, batch, size).Build();
            var changed = Steps.Run(
                model,
                recipe,
                ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(call => (new long[] { 1, 4, 9, 9 }, Noise.Floats(4 * 81, seed: call)))]),
                out _
            );

            Assert.DoesNotContain(changed.Proto.Graph.Node, node => node.Attribute("axes") is not null && node.OpType == "Resize");
            Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(changed)), recipe == "optimize" ? 100 : 20, double.PositiveInfinity);
        }
    }

    [Theory]
    [InlineData("Loop")]
    [InlineData("If")]
    [InlineData("Scan")]
    public void Products_of_four_bits_load_in_subgraphs(string owner)
    {
        foreach (var recipe in new[] { "int4(format=qdq)", "int4", "int8-blocks(format=qdq)" })
        {
            var model = Inside(owner);

            var changed = Steps.Run(model, recipe, out var report);

            Assert.NotEmpty(report.Changes);
            Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(changed)), 5, double.PositiveInfinity);
        }
    }

    public void Dispose() => _folder.Dispose();

    // The model keeps the positive values, and adds as many zeros as there are positive values in the original model. A rounded model has another number of
    // them.
    private (string Model, string[] Data) Counted()
    {
        var pads = ("pads", (object)new long[] { 1, 1, 1, 1 });
        var net = new Net()
            .Input("x", 1, 16, 16, 16)
            .Input("n", DataType.Int64, 1)
            .Weight("v", 32, 16, 3, 3)
            .Weight("w", 32, 32, 3, 3)
            .Weight("u", 16, 32, 3, 3)
            .Constant("zero", [], 0f)
            .Constant("all", [1], -1L)
            .Node("Conv", "x v", "a", pads)
            .Node("Relu", "a", "b")
            .Node("Conv", "b w", "c", pads)
            .Node("Relu", "c", "d")
            .Node("Conv", "d u", "y", pads)
            .Node("Greater", "y zero", "p")
            .Node("Reshape", "p all", "q")
            .Node("Compress", "y q", "r");
        var sum = Net.Make("Add", "r zeros", "rows");
        sum.Name = "counted";
        var model = net.Node("ConstantOfShape", "n", "zeros").Add(sum).Output("y", DataType.Float, 1, 16, 16, 16).Output("rows", DataType.Float, -1).Build();
        var plain = model.Clone();
        plain.Proto.Graph.Output.RemoveAt(1);
        new Graph(plain).Remove(plain.Proto.Graph.Node[^1]);
        string[] data =
        [
            .. Enumerable
                .Range(0, 16)
                .Select(i =>
                {
                    var values = Noise.Floats(4096, seed: i);
                    using var x = OrtValue.CreateTensorValueFromMemory(values, [1, 16, 16, 16]);
                    using var n = OrtValue.CreateTensorValueFromMemory(new long[1], [1]);
                    var count = Ort.Run(plain, ("x", x), ("n", n))["y"].LongCount(value => value > 0);
                    return Numpy.Npz(
                        _folder.File($"{i}.npz"),
                        ("x", Numpy.Array([1, 16, 16, 16], values)),
                        ("n", Numpy.Array("<i8", [1], BitConverter.GetBytes(count)))
                    );
                }),
        ];
        model.Save(_folder.File("model.onnx"));
        return (_folder.File("model.onnx"), data);
    }

    // The step makes a Resize node ask for the sizes of three axes where it names two.
    private sealed record BreakOptions(string Exclude = "");

    private sealed class BreakPass(BreakOptions options) : IPass
    {
        public void Run(PassContext context)
        {
            var sizes = context.Model.Proto.Graph.Node.Single(node => node.OpType == "Resize" && node.Name != options.Exclude).Input[3];
            new Graph(context.Model).ReplaceConstant(sizes, Tensors.Create(sizes, [3], new long[] { 14, 20, 20 }));
        }
    }

    private static Net Resizing(string kind, long batch, long size, params (string Name, object Value)[] more)
    {
        var (axes, input) = kind switch
        {
            "sizes" => (new long[] { 2, 3 }, "r _ _ to"),
            "scales" => ([2, 3], "r _ by"),
            "sizes of one axis" => ([-1], "r _ _ to"),
            _ => ([3, 2], "r _ by"),
        };
        var net = new Net(18)
            .Input("x", batch, 4, size, size)
            .Weight("w1", 8, 4, 3, 3)
            .Weight("b1", 8)
            .Weight("w2", 4, 8, 3, 3)
            .Node("Conv", "x w1 b1", "c", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c", "r");
        if (input.EndsWith("to", StringComparison.Ordinal))
            net.Constant("to", [axes.Length], [.. axes.Select(axis => axis == 2 ? 14L : 20)]);
        else
            net.Constant("by", [axes.Length], [.. axes.Select(axis => axis == 2 ? 1.5f : 2)]);
        var resize = Net.Make("Resize", input, "s", [("axes", axes), ("mode", "linear"), .. more]);
        resize.Name = "enlarge";
        return net.Add(resize).Node("Conv", "s w2", "y", ("pads", new long[] { 1, 1, 1, 1 })).Output("y", DataType.Float, batch, 4, -1, -1);
    }

    private static OnnxModel Inside(string owner)
    {
        var net = new Net(15).Input("x", 3, 64).Weight("first", 64, 64).Weight("second", 64, 64);
        return owner switch
        {
            "If" => net.Condition("x", "c")
                .If(
                    "c",
                    "y",
                    new Net().Node("MatMul", "x first", "h").Node("Relu", "h", "r").Node("MatMul", "r second", "a").Output("a"),
                    new Net().Node("Neg", "x", "n").Output("n")
                )
                .Output("y")
                .Build(),
            "Loop" => net.Constant("n", [], 2L)
                .Constant("go", [], true)
                .Node("Loop", "n go x", "y", ("body", Body("i", "go_in")))
                .Output("y", DataType.Float, 3, 64)
                .Build(),
            _ => net.Input("steps", 2, 3, 64)
                .Node("Scan", "x steps", "y ys", ("num_scan_inputs", 1), ("body", Body("x_step")))
                .Output("y", DataType.Float, 3, 64)
                .Build(),
        };
    }

    private static GraphProto Body(params string[] others)
    {
        var isLoop = others.Length == 2;
        var body = new Net();
        if (isLoop)
            body.Input("i", DataType.Int64).Input("go_in", DataType.Bool).Input("state", 3, 64).Node("Identity", "go_in", "go_out");
        else
            body.Input("state", 3, 64).Input("x_step", 3, 64);
        body.Node("MatMul", "state first", "h").Node("Relu", "h", "r").Node("MatMul", "r second", "a").Node("Add", isLoop ? "a state" : "a x_step", "next");
        return (
            isLoop
                ? body.Output("go_out", DataType.Bool).Output("next", DataType.Float, 3, 64)
                : body.Node("Identity", "next", "each").Output("next", DataType.Float, 3, 64).Output("each", DataType.Float, 3, 64)
        )
            .Build()
            .Proto.Graph;
    }
}
