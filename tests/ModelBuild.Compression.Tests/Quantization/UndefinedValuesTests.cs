using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>
/// Tests that nothing is quantized dynamically where values may be infinite or not a number, because one element of that kind spoils its whole tensor.
/// Nothing changes for masks with finite numbers, causal masks, guarded normalizations and undefined values that a Where replaces.
/// </summary>
public sealed class UndefinedValuesTests
{
    private const int Size = 64;

    // Each function computes p [1, time, time] from the scores s, and may use the mask keep [1, time, time].
    private static readonly Dictionary<string, Func<Net, Net>> Undefined = new()
    {
        ["Where with −∞"] = net => Softmax(net.Scalar("no", float.NegativeInfinity).Node("Where", "keep s no", "m")),
        ["Where, exchanged"] = net => Softmax(net.Scalar("no", float.NegativeInfinity).Node("Not", "keep", "drop").Node("Where", "drop no s", "m")),
        ["added mask"] = net =>
            Softmax(net.Scalar("no", float.NegativeInfinity).Scalar("zero", 0).Node("Where", "keep zero no", "mask").Node("Add", "s mask", "m")),
        ["subtracted mask"] = net =>
            Softmax(net.Scalar("no", float.PositiveInfinity).Scalar("zero", 0).Node("Where", "keep zero no", "mask").Node("Sub", "s mask", "m")),
        ["scaled mask"] = net =>
            Softmax(
                net.Scalar("no", float.NegativeInfinity)
                    .Scalar("zero", 0)
                    .Scalar("half", 0.5f)
                    .Node("Where", "keep zero no", "mask")
                    .Node("Mul", "mask half", "scaled")
                    .Node("Add", "s scaled", "m")
            ),
        ["product with −∞"] = net =>
            Softmax(
                net.Scalar("no", float.NegativeInfinity)
                    .Keep()
                    .Scalar("one", 1)
                    .Node("Sub", "one kept", "drop")
                    .Node("Mul", "drop no", "mask")
                    .Node("Add", "s mask", "m")
            ),
        ["logarithm of a mask"] = net => Softmax(net.Keep().Node("Log", "kept", "mask").Node("Add", "s mask", "m")),
        ["causal and padding"] = net =>
            Softmax(net.Causal().Scalar("no", float.NegativeInfinity).Node("And", "causal keep", "both").Node("Where", "both s no", "m")),
        ["mean over what is kept"] = net =>
            net.Keep()
                .Axis()
                .Node("Mul", "s kept", "t")
                .Node("ReduceSum", "t axis", "sum")
                .Node("ReduceSum", "kept axis", "count")
                .Node("Div", "sum count", "mean")
                .Node("Add", "s mean", "p"),
        ["sum of exponentials"] = net =>
            net.Keep().Axis().Node("Exp", "s", "e").Node("Mul", "e kept", "k").Node("ReduceSum", "k axis", "sum").Node("Div", "k sum", "p"),
        ["logarithm"] = net => net.Node("Log", "s", "p"),
        ["root"] = net => net.Node("Sqrt", "s", "p"),
        ["fractional power"] = net => net.Scalar("half", 0.5f).Node("Pow", "s half", "p"),
        ["softmax written out"] = net =>
            net.Scalar("no", float.NegativeInfinity)
                .Node("Where", "keep s no", "m")
                .Axis()
                .Node("ReduceMax", "m", "top", ("axes", new long[] { -1 }))
                .Node("Sub", "m top", "d")
                .Node("Exp", "d", "e")
                .Node("ReduceSum", "e axis", "sum")
                .Node("Div", "e sum", "p"),
        ["a remedy of something else"] = net =>
            Softmax(net.Scalar("no", float.NegativeInfinity).Node("Where", "keep s no", "m"), "q")
                .Scalar("zero", 0)
                .Node("IsNaN", "s", "bad")
                .Node("Where", "bad zero q", "p"),
    };

    private static readonly Dictionary<string, Func<Net, Net>> Defined = new()
    {
        ["−10000"] = net => Softmax(net.Scalar("no", -10000).Node("Where", "keep s no", "m")),
        ["least float"] = net => Softmax(net.Scalar("no", float.MinValue).Scalar("zero", 0).Node("Where", "keep zero no", "mask").Node("Add", "s mask", "m")),
        ["BERT's mask"] = net =>
            Softmax(net.Keep().Scalar("one", 1).Scalar("no", -10000).Node("Sub", "one kept", "drop").Node("Mul", "drop no", "mask").Node("Add", "s mask", "m")),
        ["causal constant"] = net => Softmax(net.Causal().Scalar("no", float.NegativeInfinity).Node("Where", "causal s no", "m")),
        ["causal added"] = net =>
            Softmax(
                net.Constant("mask", [6, 6], [.. Enumerable.Range(0, 36).Select(i => i % 6 > i / 6 ? float.NegativeInfinity : 0)]).Node("Add", "s mask", "m")
            ),
        ["causal, cut to the length"] = net =>
            Softmax(net.Cut().Scalar("no", float.NegativeInfinity).Scalar("zero", 0).Node("Equal", "cut zero", "drop").Node("Where", "drop no s", "m")),
        ["causal by Trilu"] = net =>
            Softmax(
                net.Scalar("k", 1L)
                    .Node("Shape", "s", "sizes")
                    .Node("ConstantOfShape", "sizes", "full", ("value", Net.Tensor<float>([1], float.NegativeInfinity)))
                    .Node("Trilu", "full k", "mask", ("upper", 1))
                    .Node("Add", "s mask", "m")
            ),
        ["cured"] = net =>
            Softmax(net.Scalar("no", float.NegativeInfinity).Node("Where", "keep s no", "m"), "q")
                .Scalar("zero", 0)
                .Node("IsNaN", "q", "bad")
                .Node("Where", "bad zero q", "p"),
        ["cured, exchanged"] = net =>
            Softmax(net.Scalar("no", float.NegativeInfinity).Node("Where", "keep s no", "m"), "q")
                .Scalar("zero", 0)
                .Node("IsNaN", "q", "bad")
                .Node("Not", "bad", "good")
                .Node("Where", "good q zero", "p"),
        ["clipped"] = net =>
            Softmax(net.Scalar("no", float.NegativeInfinity).Node("Where", "keep s no", "w").Scalar("least", -1e4f).Node("Clip", "w least", "m")),
        ["normalization"] = net =>
            net.Axis()
                .Scalar("eps", 1e-5f)
                .Node("ReduceMean", "s", "mean", ("axes", new long[] { -1 }))
                .Node("Sub", "s mean", "c")
                .Node("Mul", "c c", "c2")
                .Node("ReduceMean", "c2", "variance", ("axes", new long[] { -1 }))
                .Node("Add", "variance eps", "ve")
                .Node("Sqrt", "ve", "d")
                .Node("Div", "c d", "p"),
        ["root mean square"] = net =>
            net.Scalar("eps", 1e-5f)
                .Scalar("power", -0.5f)
                .Node("Mul", "s s", "s2")
                .Node("ReduceMean", "s2", "variance", ("axes", new long[] { -1 }))
                .Node("Add", "variance eps", "ve")
                .Node("Pow", "ve power", "r")
                .Node("Mul", "s r", "p"),
        ["guarded length"] = net =>
            net.Scalar("least", 1e-12f).Node("ReduceL2", "s", "l", ("axes", new long[] { -1 })).Node("Clip", "l least", "c").Node("Div", "s c", "p"),
        ["guarded mean"] = net =>
            net.Keep().Axis().Scalar("least", 1e-9f).Node("ReduceSum", "kept axis", "count").Node("Clip", "count least", "c").Node("Div", "s c", "p"),
        ["guarded logarithm"] = net => net.Scalar("eps", 1e-5f).Node("Abs", "s", "a").Node("Add", "a eps", "g").Node("Log", "g", "p"),
        ["root of the width"] = net =>
            net.Scalar("last", 2L)
                .Node("Shape", "x", "sizes")
                .Node("Gather", "sizes last", "width")
                .Node("Cast", "width", "f", ("to", (long)DataType.Float))
                .Node("Sqrt", "f", "r")
                .Node("Div", "s r", "p"),
        ["Softmax and Sigmoid"] = net => net.Node("Softmax", "s", "a", ("axis", -1)).Node("Sigmoid", "a", "p"),
    };

    public static TheoryData<string> UndefinedCases() => [.. Undefined.Keys];

    public static TheoryData<string> DefinedCases() => [.. Defined.Keys];

    [Theory]
    [MemberData(nameof(UndefinedCases))]
    public void What_is_behind_them_stays_float_with_the_reason(string name)
    {
        var model = Model(Undefined[name]);

        var changed = Steps.Run(model, "int8-dynamic", out var report);

        var left = Assert.Single(report.Skipped, left => left.Why.Contains("NaN", StringComparison.Ordinal));
        Assert.Equal("MatMul of 'y'", left.What);
        // The products that compute scores and values come before the undefined values.
        Assert.Equal(2, report.Changes["matrix products quantized dynamically"]);
        Assert.Contains(changed.Proto.Graph.Node, node => node.Is("MatMul") && node.Output[0] == "y");
    }

    [Theory]
    [MemberData(nameof(DefinedCases))]
    public void What_is_behind_ordinary_values_is_quantized(string name)
    {
        Steps.Run(Model(Defined[name]), "int8-dynamic", out var report);

        Assert.DoesNotContain(report.Skipped, left => left.Why.Contains("NaN", StringComparison.Ordinal));
        Assert.Equal(3, report.Changes["matrix products quantized dynamically"]);
    }

    [Theory]
    [InlineData("int8-dynamic")]
    [InlineData("int8-blocks")]
    [InlineData("int4")]
    public void A_row_without_a_number_leaves_the_other_rows(string recipe)
    {
        var model = Model(Undefined["Where with −∞"]);
        var keep = Enumerable.Range(0, 36).Select(i => i / 6 != 2).ToArray();

        var (expected, actual) = (Run(model, keep), Run(Steps.Run(model, recipe), keep));

        Assert.Equal(expected.Select(float.IsNaN), actual.Select(float.IsNaN));
        Assert.Contains(expected, float.IsNaN);
        Assert.InRange(Ort.Sqnr([.. expected.Where(float.IsFinite)], [.. actual.Where(float.IsFinite)]), recipe == "int4" ? 10 : 25, double.PositiveInfinity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_are_found_in_and_behind_branches(bool inside)
    {
        var scores = Start().Scalar("no", float.NegativeInfinity).Condition("x", "c");
        var masked = new Net().Node("Where", "keep s no", "m").Node("Softmax", "m", "q", ("axis", -1)).Node("MatMul", "q v", "o");
        var net = inside
            ? scores.If("c", "y", masked.Node("MatMul", "o w", "z").Output("z"), new Net().Node("MatMul", "v w", "n").Output("n"))
            : scores.If("c", "h", masked.Output("o"), new Net().Node("Identity", "v", "n").Output("n")).Node("MatMul", "h w", "y");

        Steps.Run(net.Output("y").Build(), "int8-dynamic", out var report);

        Assert.Single(report.Skipped, left => left.Why.Contains("NaN", StringComparison.Ordinal));
    }

    private static Net Start() =>
        new Net()
            .Input("x", 1, 6, Size)
            .Input("keep", DataType.Bool, 1, 6, 6)
            .Weight("wq", Size, Size)
            .Weight("wv", Size, Size)
            .Weight("w", Size, Size)
            .Node("MatMul", "x wq", "q0")
            .Node("MatMul", "x wv", "v")
            .Node("Transpose", "v", "vt", ("perm", new long[] { 0, 2, 1 }))
            .Node("MatMul", "q0 vt", "s");

    private static OnnxModel Model(Func<Net, Net> attention) => attention(Start()).Node("MatMul", "p v", "o").Node("MatMul", "o w", "y").Output("y").Build();

    private static Net Softmax(Net net, string result = "p") => net.Node("Softmax", "m", result, ("axis", -1));

    private static float[] Run(OnnxModel model, bool[] keep)
    {
        using var mask = OrtValue.CreateTensorValueFromMemory(keep, [1, 6, 6]);
        return Ort.Run(model, ("keep", mask))["y"];
    }
}
