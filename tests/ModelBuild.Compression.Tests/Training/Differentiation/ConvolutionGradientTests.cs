namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of Conv and ConvTranspose.</summary>
public sealed class ConvolutionGradientTests
{
    private static readonly long[][] Sizes =
    [
        [7],
        [6, 5],
        [4, 5, 4],
    ];
    private static readonly string[] Operators = ["Conv", "ConvTranspose"];
    private static readonly int[] Ranks = [1, 2, 3];

    // Each window has a stride, a dilation, a padding before, a padding after, and a kernel size. Some windows do not cover elements at the end, and some
    // padding is larger than the kernel.
    private static readonly long[][] Windows =
    [
        [1, 1, 0, 0, 2],
        [1, 1, 1, 1, 3],
        [2, 1, 1, 0, 3],
        [3, 1, 0, 2, 2],
        [2, 2, 1, 2, 2],
        [1, 1, 2, 2, 2],
        [3, 1, 0, 0, 1],
    ];

    private static readonly string[] Padding = ["SAME_UPPER", "SAME_LOWER", "VALID"];

    public static MatrixTheoryData<string, int, int, int> AllWindows() => new(Operators, Ranks, [1, 2], Enumerable.Range(0, Windows.Length));

    public static MatrixTheoryData<string, int, string, int, int> AllPadding() => new(Operators, Ranks, Padding, [1, 2], [2, 3]);

    public static MatrixTheoryData<int, int, int> AllOutputPadding() => new(Ranks, [0, 1, 2], [3, 4]);

    public static MatrixTheoryData<int, string, int> AllOutputShapes() => new(Ranks, ["NOTSET", .. Padding], [-1, 0, 1]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllWindows))]
    public void EveryWindow(string operation, int rank, int groups, int window)
    {
        var (stride, dilation, before, after, kernel) = (Windows[window][0], Windows[window][1], Windows[window][2], Windows[window][3], Windows[window][4]);
        // A transposed convolution of one tap with padding would have a negative size.
        long[] pads = operation == "Conv" || kernel > 1 ? [.. Each(rank, before), .. Each(rank, after)] : new long[2 * rank];
        Verify(operation, rank, groups, kernel, ("strides", Each(rank, stride)), ("dilations", Each(rank, dilation)), ("pads", pads));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllPadding))]
    public void AutomaticPadding(string operation, int rank, string padding, int stride, int kernel) =>
        Verify(operation, rank, 1, kernel, ("strides", Each(rank, stride)), ("auto_pad", padding));

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllOutputPadding))]
    public void OutputPadding(int rank, int added, int stride) =>
        Verify(
            "ConvTranspose",
            rank,
            2,
            2,
            ("strides", Each(rank, stride)),
            ("dilations", Each(rank, 3)),
            ("pads", Each(2 * rank, 1)),
            ("output_padding", Each(rank, added))
        );

    [Theory]
    [MemberData(nameof(AllOutputShapes))]
    public void OutputShape(int rank, string padding, int difference)
    {
        long[] shape = [.. Sizes[rank - 1].Select(size => 2 * size + difference)];
        Verify("ConvTranspose", rank, 1, 3, ("strides", Each(rank, 2)), ("auto_pad", padding), ("output_shape", shape));
    }

    private static void Verify(string operation, int rank, int groups, long kernel, params (string Name, object Value)[] attributes)
    {
        var (inputs, outputs) = (2L * groups, 3L * groups);
        long[] weights = operation == "Conv" ? [outputs, 2, .. Each(rank, kernel)] : [inputs, 3, .. Each(rank, kernel)];
        var net = new Net(21)
            .Input("x", [2, inputs, .. Sizes[rank - 1]])
            .Input("w", weights)
            .Input("b", outputs)
            .Node(operation, "x w b", "y", [.. attributes, ("group", (long)groups)])
            .Output("y");
        // The outputs are linear in each input, so that large steps are exact.
        OperatorGradients.Verify(net, coarseStep: 0.5, isLinear: true);
    }

    private static long[] Each(int count, long value) => [.. Enumerable.Repeat(value, count)];
}
