namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of Resize and Pad.</summary>
public sealed class ResamplingGradientTests
{
    private static readonly string[] Coordinates =
    [
        "half_pixel",
        "half_pixel_symmetric",
        "pytorch_half_pixel",
        "align_corners",
        "asymmetric",
        "tf_crop_and_resize",
    ];

    private static readonly float[][] Scales =
    [
        [2, 2],
        [1.5f, 0.6f],
        [0.5f, 3],
    ];

    public static MatrixTheoryData<string, string, int> AllModes() => new(["nearest", "linear", "cubic"], Coordinates, Enumerable.Range(0, Scales.Length));

    public static MatrixTheoryData<string, string> AllNearest() => new(["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"], Coordinates);

    public static MatrixTheoryData<string, int, bool> AllPads() => new(["constant", "reflect", "edge", "wrap"], [1, 2, 3], [false, true]);

    [Theory]
    [MemberData(nameof(AllModes))]
    public void EveryMode(string mode, string coordinates, int scale) =>
        Verify(
            new Net(21).Input("x", 1, 2, 4, 5).Constant("scales", [4], [1, 1, .. Scales[scale]]),
            "scales",
            ("mode", mode),
            ("coordinate_transformation_mode", coordinates)
        );

    [Theory]
    [MemberData(nameof(AllNearest))]
    public void EveryRounding(string rounding, string coordinates) =>
        Verify(
            new Net(21).Input("x", 1, 2, 4, 5).Constant("sizes", [4], 1L, 2, 7, 3),
            "_ sizes",
            ("mode", "nearest"),
            ("nearest_mode", rounding),
            ("coordinate_transformation_mode", coordinates)
        );

    [Theory]
    [InlineData("linear", 0, 0f)]
    [InlineData("cubic", 0, -0.5f)]
    [InlineData("cubic", 1, -0.75f)]
    [InlineData("linear", 1, 0f)]
    public void Antialiasing(string mode, int outside, float coefficient) =>
        Verify(
            new Net(21).Input("x", 2, 1, 7, 6).Constant("sizes", [4], 2L, 1, 3, 4),
            "_ sizes",
            ("mode", mode),
            ("antialias", 1L),
            ("exclude_outside", (long)outside),
            ("cubic_coeff_a", coefficient == 0 ? -0.75f : coefficient)
        );

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    public void OtherRanks(string mode)
    {
        Verify(new Net(21).Input("x", 4, 3).Constant("sizes", [2], 7L, 5), "_ sizes", ("mode", mode));
        Verify(new Net(21).Input("x", 1, 2, 3, 2, 3).Constant("scales", [5], 1f, 1, 2, 1.5f, 2), "scales", ("mode", mode));
        Verify(new Net(21).Input("x", 1, 2, 3, 2).Constant("scales", [2], 2f, 3), "scales", ("mode", mode), ("axes", (long[])[2, 3]));
    }

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    [InlineData("cubic")]
    public void UnknownBatch(string mode) =>
        OperatorGradients.Verify(
            new Net(21)
                .Input("x", 2, 2, 4, 3)
                .Constant("scales", [4], 1f, 1, 2, 2)
                .Node("Resize", "x _ scales", "y", ("mode", mode), ("nearest_mode", "floor"), ("coordinate_transformation_mode", "asymmetric"))
                .Output("y"),
            isOpen: true,
            coarseStep: 0.5,
            isLinear: true
        );

    [Fact]
    public void ComputedScalesHaveNoGradient() =>
        Assert.Equal(
            "its scales are computed",
            OperatorGradients.WhyNot(new Net(21).Input("x", 1, 1, 2, 2).Input("scales", 4).Node("Resize", "x _ scales", "y").Output("y"))
        );

    [Theory]
    [MemberData(nameof(AllPads))]
    public void EveryPadding(string mode, int rank, bool hasAxes)
    {
        long[] sizes = [.. ((long[])[3, 4, 5])[..rank]];
        long[] pads = hasAxes ? [1, 2] : [.. Enumerable.Range(0, 2 * rank).Select(i => i % 3L)];
        var net = new Net(21).Input("x", sizes).Constant("pads", [pads.Length], pads).Constant("axes", [1], -1L);
        var isConstant = mode == "constant";
        if (isConstant)
            net.Input("value");
        var inputs = $"x pads {(isConstant ? "value" : "_")}{(hasAxes ? " axes" : "")}";
        OperatorGradients.Verify(net.Node("Pad", inputs, "y", ("mode", mode)).Output("y"), coarseStep: 0.5, isLinear: true);
    }

    [Fact]
    public void NegativePaddingCutsOff() =>
        OperatorGradients.Verify(
            new Net(21).Input("x", 3, 5).Input("value").Constant("pads", [4], 1L, -2, -1, 3).Node("Pad", "x pads value", "y").Output("y"),
            coarseStep: 0.5,
            isLinear: true
        );

    private static void Verify(Net net, string size, params (string Name, object Value)[] attributes)
    {
        var rank = net.Build().Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Count;
        float[] region =
        [
            .. Enumerable
                .Range(0, 2 * rank)
                .Select(i =>
                    i < rank ? (i >= rank - 2 ? 0.1f : 0)
                    : i >= 2 * rank - 2 ? 0.8f
                    : 1
                ),
        ];
        var isCrop = attributes.Any(attribute => attribute.Value is "tf_crop_and_resize");
        if (isCrop)
            net.Constant("roi", [2 * rank], region);
        // The output is linear in the input, so that large steps are exact.
        OperatorGradients.Verify(net.Node("Resize", $"x {(isCrop ? "roi" : "_")} {size}", "y", attributes).Output("y"), coarseStep: 0.5, isLinear: true);
    }
}
