using System.Runtime.Intrinsics;
using ModelBuild.Compression.Training.Differentiation;

namespace ModelBuild.Compression.Training.Blocked;

/// <summary>
/// Computes the gradient of the weights of a convolution from blocked values: for each pair of blocks and each tap of the kernel, the sum over all positions
/// of the outer product of the input's channels and the gradient's channels. ONNX Runtime has no fast operator for this sum. One thread sums each element in
/// a fixed order, so that the result does not depend on the number of threads. The code uses vectors of eight elements. On a processor with shorter vectors,
/// .NET replaces each of them by several shorter ones.
/// </summary>
/// <param name="Input">The sizes of the input: batch, channels, height, width.</param>
/// <param name="Output">The sizes of the output.</param>
/// <param name="Kernel">The height and width of the kernel.</param>
/// <param name="Strides">The strides.</param>
/// <param name="Dilations">The dilations.</param>
/// <param name="Pads">The padding at the top and the left.</param>
/// <param name="Block">The number of channels of a block.</param>
/// <param name="IsDepthwise">Whether each channel is convolved by itself.</param>
internal sealed record ConvWeightKernel(long[] Input, long[] Output, long[] Kernel, long[] Strides, long[] Dilations, long[] Pads, int Block, bool IsDepthwise)
{
    // The number of channels in a vector that the kernels read. A block of sixteen channels is two vectors.
    private const int Lanes = 8;

    // The largest number of sums that are kept on the stack. The sums of larger kernels are on the heap.
    private const int MaxStack = 4096;

    /// <summary>Creates the kernel for a window; null if the channels are not in whole blocks, or the convolution is not one of two spatial axes.</summary>
    public static ConvWeightKernel? Create(ConvWindow window)
    {
        var isDepthwise = window.Groups > 1 && window.Groups == window.Input[1] && window.Groups == window.Output[1];
        return
            window.Rank == 2
            && BlockedLayout.BlockSize % Lanes == 0
            && BlockedLayout.Fits(window.Input[1])
            && BlockedLayout.Fits(window.Output[1])
            && (window.Groups == 1 || isDepthwise)
            && window.Input.Concat(window.Output).All(size => size > 0)
            ? new ConvWeightKernel(
                window.Input,
                window.Output,
                window.Kernel,
                window.Strides,
                window.Dilations,
                window.Pads,
                BlockedLayout.BlockSize,
                isDepthwise
            )
            : null;
    }

    /// <summary>The number of parts of the gradient that can be computed independently.</summary>
    public int Parts => (int)(Output[1] / Lanes / Vectors) * (IsDepthwise ? 1 : (int)(Input[1] / Lanes));

    // The number of vectors of output channels that are computed together, so that each element of the input is loaded once for all of them.
    private int Vectors => IsDepthwise || Output[1] / Lanes % 2 != 0 ? 1 : 2;

    /// <summary>Computes one of the parts of the gradient.</summary>
    /// <param name="part">The index of the part.</param>
    /// <param name="input">The blocked input.</param>
    /// <param name="gradient">The blocked gradient of the output.</param>
    /// <param name="weights">Receives the gradient of the weights, [outputs, inputs of a group, height, width].</param>
    public void Run(int part, ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> weights)
    {
        var (outputs, inputs) = IsDepthwise ? (part, part) : (part / (int)(Input[1] / Lanes) * Vectors, part % (int)(Input[1] / Lanes));
        var taps = (int)(Kernel[0] * Kernel[1]);
        var tile = Lanes * (IsDepthwise ? 1 : Lanes * Vectors);
        Span<float> sums = taps * tile <= MaxStack ? stackalloc float[taps * tile] : new float[taps * tile];
        sums.Clear();
        for (var n = 0; n < Input[0]; n++)
        {
            var x = Plane(input, Input, n, inputs);
            var g = Plane(gradient, Output, n, outputs);
            for (var tap = 0; tap < taps; tap++)
                if (IsDepthwise)
                    AddDepthwise(x, g, tap, sums.Slice(tap * tile, tile));
                else if (Vectors == 1)
                    AddVector(x, g, tap, sums.Slice(tap * tile, tile));
                else
                    AddPair(x, g, Plane(gradient, Output, n, outputs + 1), tap, sums.Slice(tap * tile, tile));
        }

        for (var vector = 0; vector < Vectors; vector++)
            Store(sums, outputs + vector, inputs, vector, weights);
    }

    // Returns the elements of a plane from the channels of the given vector on. Neighbouring positions of the plane are one block apart.
    private ReadOnlySpan<float> Plane(ReadOnlySpan<float> values, long[] shape, int n, int vector)
    {
        var (perBlock, size) = (Block / Lanes, (int)(shape[2] * shape[3]) * Block);
        return values[((n * (int)(shape[1] / Block) + vector / perBlock) * size + vector % perBlock * Lanes)..];
    }

    private unsafe void AddVector(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int tap, Span<float> sums)
    {
        var (first, last, shift) = Columns(tap);
        var (step, block) = ((int)Strides[1] * Block, Block);
        fixed (
            float* sum = sums,
                input = x,
                gradient = g
        )
        {
            var s0 = Vector256.Load(sum);
            var s1 = Vector256.Load(sum + 8);
            var s2 = Vector256.Load(sum + 16);
            var s3 = Vector256.Load(sum + 24);
            var s4 = Vector256.Load(sum + 32);
            var s5 = Vector256.Load(sum + 40);
            var s6 = Vector256.Load(sum + 48);
            var s7 = Vector256.Load(sum + 56);
            for (var row = 0; row < (int)Output[2]; row++)
            {
                var from = Row(row, tap);
                if (from < 0 || from >= Input[2])
                    continue;
                var a = input + (from * (int)Input[3] + first * (int)Strides[1] + shift) * block;
                var b = gradient + (row * (int)Output[3] + first) * block;
                for (var column = first; column < last; column++)
                {
                    var v = Vector256.Load(b);
                    s0 = Vector256.FusedMultiplyAdd(Vector256.Create(a[0]), v, s0);
                    s1 = Vector256.FusedMultiplyAdd(Vector256.Create(a[1]), v, s1);
                    s2 = Vector256.FusedMultiplyAdd(Vector256.Create(a[2]), v, s2);
                    s3 = Vector256.FusedMultiplyAdd(Vector256.Create(a[3]), v, s3);
                    s4 = Vector256.FusedMultiplyAdd(Vector256.Create(a[4]), v, s4);
                    s5 = Vector256.FusedMultiplyAdd(Vector256.Create(a[5]), v, s5);
                    s6 = Vector256.FusedMultiplyAdd(Vector256.Create(a[6]), v, s6);
                    s7 = Vector256.FusedMultiplyAdd(Vector256.Create(a[7]), v, s7);
                    a += step;
                    b += block;
                }
            }

            s0.Store(sum);
            s1.Store(sum + 8);
            s2.Store(sum + 16);
            s3.Store(sum + 24);
            s4.Store(sum + 32);
            s5.Store(sum + 40);
            s6.Store(sum + 48);
            s7.Store(sum + 56);
        }
    }

    // Adds the sums for two vectors of output channels and four input channels in each iteration.
    private unsafe void AddPair(ReadOnlySpan<float> x, ReadOnlySpan<float> g, ReadOnlySpan<float> h, int tap, Span<float> sums)
    {
        var (first, last, shift) = Columns(tap);
        var (step, block) = ((int)Strides[1] * Block, Block);
        fixed (
            float* all = sums,
                input = x,
                gradient = g,
                second = h
        )
            for (var half = 0; half < Lanes; half += 4)
            {
                var sum = all + half * Lanes;
                var s0 = Vector256.Load(sum);
                var s1 = Vector256.Load(sum + 8);
                var s2 = Vector256.Load(sum + 16);
                var s3 = Vector256.Load(sum + 24);
                var t0 = Vector256.Load(sum + 64);
                var t1 = Vector256.Load(sum + 72);
                var t2 = Vector256.Load(sum + 80);
                var t3 = Vector256.Load(sum + 88);
                for (var row = 0; row < (int)Output[2]; row++)
                {
                    var from = Row(row, tap);
                    if (from < 0 || from >= Input[2])
                        continue;
                    var a = input + (from * (int)Input[3] + first * (int)Strides[1] + shift) * block + half;
                    var b = gradient + (row * (int)Output[3] + first) * block;
                    var c = second + (row * (int)Output[3] + first) * block;
                    for (var column = first; column < last; column++)
                    {
                        var (v, w) = (Vector256.Load(b), Vector256.Load(c));
                        var a0 = Vector256.Create(a[0]);
                        s0 = Vector256.FusedMultiplyAdd(a0, v, s0);
                        t0 = Vector256.FusedMultiplyAdd(a0, w, t0);
                        var a1 = Vector256.Create(a[1]);
                        s1 = Vector256.FusedMultiplyAdd(a1, v, s1);
                        t1 = Vector256.FusedMultiplyAdd(a1, w, t1);
                        var a2 = Vector256.Create(a[2]);
                        s2 = Vector256.FusedMultiplyAdd(a2, v, s2);
                        t2 = Vector256.FusedMultiplyAdd(a2, w, t2);
                        var a3 = Vector256.Create(a[3]);
                        s3 = Vector256.FusedMultiplyAdd(a3, v, s3);
                        t3 = Vector256.FusedMultiplyAdd(a3, w, t3);
                        a += step;
                        b += block;
                        c += block;
                    }
                }

                s0.Store(sum);
                s1.Store(sum + 8);
                s2.Store(sum + 16);
                s3.Store(sum + 24);
                t0.Store(sum + 64);
                t1.Store(sum + 72);
                t2.Store(sum + 80);
                t3.Store(sum + 88);
            }
    }

    private void AddDepthwise(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int tap, Span<float> sums)
    {
        var sum = Load(ref sums[0], 0);
        var (first, last, shift) = Columns(tap);
        for (var row = 0; row < Output[2]; row++)
        {
            if (Row(row, tap) is not (>= 0 and var from) || from >= Input[2])
                continue;
            for (var column = first; column < last; column++)
                sum = Vector256.MultiplyAddEstimate(
                    Vector256.LoadUnsafe(in x[(from * (int)Input[3] + column * (int)Strides[1] + shift) * Block]),
                    Vector256.LoadUnsafe(in g[(row * (int)Output[3] + column) * Block]),
                    sum
                );
        }

        sum.StoreUnsafe(ref sums[0]);
    }

    private void Store(ReadOnlySpan<float> sums, int outputs, int inputs, int vector, Span<float> weights)
    {
        var taps = (int)(Kernel[0] * Kernel[1]);
        var depth = IsDepthwise ? 1 : Lanes;
        var perOutput = (int)(IsDepthwise ? 1 : Input[1]) * taps;
        for (var tap = 0; tap < taps; tap++)
        for (var c = 0; c < depth; c++)
        for (var k = 0; k < Lanes; k++)
            weights[(outputs * Lanes + k) * perOutput + ((IsDepthwise ? 0 : inputs * Lanes) + c) * taps + tap] = sums[
                ((tap * Vectors + vector) * depth + c) * Lanes + k
            ];
    }

    // Returns the first and the last column of the output for which the kernel element 'tap' lies inside the input.
    private (int First, int Last, int Shift) Columns(int tap)
    {
        var shift = (int)(tap % Kernel[1] * Dilations[1] - Pads[1]);
        var first = shift >= 0 ? 0 : (int)((-shift + Strides[1] - 1) / Strides[1]);
        var last = (int)Math.Min(Output[3], (Input[3] - 1 - shift) / Strides[1] + 1);
        return (first, Input[3] - 1 < shift ? 0 : last, shift);
    }

    private int Row(int row, int tap) => (int)(row * Strides[0] + tap / Kernel[1] * Dilations[0] - Pads[0]);

    private static Vector256<float> Load(ref float from, int offset) => Vector256.LoadUnsafe(ref from, (nuint)offset);
}
