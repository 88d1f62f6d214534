using ModelBuild.Compression.Training.Blocked;

namespace ModelBuild.Compression.Tests.Training.Blocked;

/// <summary>Compares the gradient of the weights of a convolution with plain sums in float64.</summary>
public sealed class ConvWeightKernelTests
{
    // Each window has a stride, a dilation, a padding and a kernel size.
    private static readonly long[][] Windows =
    [
        [1, 1, 1, 3],
        [2, 1, 1, 3],
        [1, 2, 2, 3],
        [2, 1, 0, 1],
    ];

    public static MatrixTheoryData<int, long, long, int, bool> All() => new([8, 16], [16, 32], [16, 48], [0, 1, 2, 3], [false, true]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(All))]
    public void Sums_are_those_of_float64(int block, long inputs, long outputs, int window, bool isDepthwise)
    {
        var (stride, dilation, pad, size) = (Windows[window][0], Windows[window][1], Windows[window][2], Windows[window][3]);
        long[] input = [2, inputs, 7, 6];
        long Size(long from) => ((from + (2 * pad) - (dilation * (size - 1)) - 1) / stride) + 1;
        long[] output = [2, isDepthwise ? inputs : outputs, Size(7), Size(6)];
        var kernel = new ConvWeightKernel(input, output, [size, size], [stride, stride], [dilation, dilation], [pad, pad], block, isDepthwise);
        var (x, g) = (Noise.Floats(Count(input), seed: 1), Noise.Floats(Count(output), seed: 2));
        var actual = new float[output[1] * (isDepthwise ? 1 : inputs) * size * size];

        for (var part = 0; part < kernel.Parts; part++)
            kernel.Run(part, x, g, actual);

        double X(long n, long c, long row, long column) =>
            row < 0 || column < 0 || row >= input[2] || column >= input[3] ? 0 : x[Place(input, block, n, c, row, column)];
        var largest = actual.Max(Math.Abs);
        Assert.True(largest > 0);
        var place = 0;
        for (var k = 0; k < output[1]; k++)
        for (var c = 0; c < (isDepthwise ? 1 : inputs); c++)
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            var sum = 0.0;
            for (var n = 0; n < 2; n++)
            for (var i = 0; i < output[2]; i++)
            for (var j = 0; j < output[3]; j++)
                sum +=
                    g[Place(output, block, n, k, i, j)]
                    * X(n, isDepthwise ? k : c, (i * stride) + (row * dilation) - pad, (j * stride) + (column * dilation) - pad);
            Assert.InRange(actual[place++] - sum, -1e-5 * largest, 1e-5 * largest);
        }
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);

    // The method returns the place of an element in a tensor whose channels are in blocks.
    private static long Place(long[] shape, long block, long n, long c, long row, long column) =>
        ((((((n * (shape[1] / block)) + (c / block)) * shape[2]) + row) * shape[3]) + column) * block + (c % block);
}
